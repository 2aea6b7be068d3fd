#include <doctest/doctest.h>

#include "core/crypto/password.h"
#include "core/protocol/grant.h"
#include "core/store/client_secrets.h"
#include "tests/protocol/grant_fixture.h"

using namespace oauth2;

namespace {

// The confidential client `app` is registered for the grant, and u1 has a password.
struct PasswordFixture : GrantFixture {
  PasswordFixture() {
    settings.password_grant = true;
    static const std::string hash = crypto::hash_password("correct horse battery");  // hashing is slow
    change_user([&](store::User& user) { user.password_hash = hash; });
    write([&](db::Connection& connection) {
      store::Client client;
      client.id = client.name = "app";
      client.token_endpoint_auth_method = "client_secret_post";
      client.grant_types = {"password", "refresh_token"};
      client.scope = {"read", "write"};
      store::insert_client(connection, client);
      store::insert_client_secret(connection, {"s1", "app", crypto::sha256_base64url("app-secret"), 0, {}});
    });
  }

  nlohmann::json sign_in(const std::string& rest = "", const std::string& username = "alice") {
    return ask("grant_type=password&client_id=app&client_secret=app-secret&username=" + username +
               "&password=correct+horse+battery" + rest);
  }
};

}  // namespace

TEST_CASE("a password gives a user's tokens, for the scope asked for, and a refresh token where registered") {
  PasswordFixture server;
  const auto answer = server.sign_in("&scope=read");
  CHECK(answer.at("scope") == "read");
  CHECK(answer.at("user") == nlohmann::json{{"id", "u1"}});
  CHECK(server.active(answer.at("access_token")));
  CHECK(server.sign_in("", "alice@example.org").at("scope") == "read write");
  const auto next = server.refresh(answer.at("refresh_token"), "client_id=app&client_secret=app-secret");
  CHECK(server.active(next.at("access_token")));
  server.change_client("app", [](store::Client& client) { client.grant_types = {"password"}; });
  CHECK_FALSE(server.sign_in().contains("refresh_token"));
}

TEST_CASE("a password gives tokens for the resources that are asked for") {
  PasswordFixture server;
  CHECK(server.sign_in("&resource=https://api.example").at("error") == "invalid_target");
  server.change_client("app", [](store::Client& client) { client.resources = {"https://api.example"}; });
  const auto answer = server.sign_in("&resource=https://api.example");
  for (const char* name : {"access_token", "refresh_token"}) {
    server.write([&](db::Connection& connection) {
      const auto token = protocol::find_token(connection, answer.at(name).get<std::string>());
      CHECK(token->audience == "https://api.example");
    });
  }
}

TEST_CASE("without the setting the password grant is unsupported, whatever the client is registered for") {
  PasswordFixture server;
  server.settings.password_grant = false;
  CHECK(server.sign_in().at("error") == "unsupported_grant_type");
}

TEST_CASE("a bad request does not cost a look at the password") {
  PasswordFixture server;
  const std::string app = "grant_type=password&client_id=app&client_secret=app-secret";
  for (int i = 0; i < 10; ++i) {
    CHECK(server.ask(app + "&username=alice").at("error") == "invalid_request");
    CHECK(server.ask(app + "&password=x").at("error") == "invalid_request");
    CHECK(server.sign_in("&scope=admin").at("error") == "invalid_scope");
    CHECK(server.ask("grant_type=password&client_id=spa&username=alice&password=x").at("error") ==
          "unauthorized_client");
  }
  CHECK(server.sign_in().contains("access_token"));
}

TEST_CASE("a public client may not use the password grant even where it is registered for it") {
  PasswordFixture server;
  server.change_client("spa", [](store::Client& client) { client.grant_types = {"password"}; });
  CHECK(server.ask("grant_type=password&client_id=spa&username=alice&password=correct+horse+battery")
            .at("error") == "unauthorized_client");
}

TEST_CASE("a user who was disabled, or got another password, while theirs was judged gets nothing") {
  PasswordFixture server;
  const protocol::Grant& grant = *protocol::find_grant("password");
  const auto form = protocol::Params::parse("username=alice&password=correct+horse+battery");
  const auto redeem = [&] {
    return server.write([&](db::Connection& connection) {
      const store::Client client = *store::find_client(connection, "app");
      protocol::Claim claim = grant.check(server.context(), connection, client, form, {});
      claim.user_id = "u1";
      claim.password_hash = "the old hash";
      return std::holds_alternative<protocol::Claim>(
          grant.redeem(server.context(), connection, client, form, claim));
    });
  };
  CHECK_THROWS_AS(redeem(), protocol::Error);
  server.change_user([](store::User& user) { user.password_hash = "the old hash"; });
  CHECK(redeem());
  server.change_user([](store::User& user) { user.disabled_at = 1; });
  CHECK_THROWS_AS(redeem(), protocol::Error);
}
