#include <doctest/doctest.h>

#include "tests/protocol/grant_fixture.h"

using namespace oauth2;

TEST_CASE("a code gives an access token, a refresh token, its scope and its user") {
  GrantFixture server;
  const auto answer = server.redeem(server.code());
  CHECK(answer.size() == 6);
  CHECK(answer.at("scope") == "read write");
  CHECK(answer.at("user") == nlohmann::json{{"id", "u1"}});
  CHECK(server.active(answer.at("access_token")));
  CHECK(server.active(answer.at("refresh_token")));
}

TEST_CASE("the e-mail address is told only with the scope user:email, and whether it is verified") {
  GrantFixture server;
  const auto with_email = [](store::AuthorizationCode& code) { code.scope = "read user:email"; };
  CHECK(server.redeem(server.code(with_email)).at("user") ==
        nlohmann::json{{"id", "u1"}, {"email", "alice@example.org"}, {"email_verified", false}});
  server.write([](db::Connection& connection) {
    store::User user = *store::find_user(connection, "u1");
    user.email_verified_at = 5;
    store::update_user(connection, user);
  });
  CHECK(server.redeem(server.code(with_email)).at("user").at("email_verified") == true);
  server.write([](db::Connection& connection) {
    store::User user = *store::find_user(connection, "u1");
    user.email.reset();
    store::update_user(connection, user);
  });
  CHECK(server.redeem(server.code(with_email)).at("user") == nlohmann::json{{"id", "u1"}});
}

TEST_CASE("a code lives up to the second before it expires") {
  GrantFixture server;
  const std::string code = server.code();
  const std::string late = server.code();
  server.now += 59;
  CHECK(server.redeem(code).contains("access_token"));
  server.now += 1;
  CHECK(server.redeem(late).at("reason") == "code has expired");
}

TEST_CASE("what is refused burns nothing: the code's own client redeems it after all") {
  GrantFixture server;
  const std::string code = server.code();
  struct Refusal {
    const char* why;
    std::string form;
    const char* error;
  };
  const std::string uri = "redirect_uri=https://spa.example/cb";
  const std::string verifier = std::string("&code_verifier=") + GrantFixture::verifier;
  const Refusal refusals[] = {
      {"another client", "client_id=other&" + uri + verifier, "invalid_grant"},
      {"no redirect_uri", "client_id=spa" + verifier, "invalid_grant"},
      {"an empty redirect_uri", "client_id=spa&redirect_uri=" + verifier, "invalid_grant"},
      {"a longer redirect_uri", "client_id=spa&" + uri + "/" + verifier, "invalid_grant"},
      {"a redirect_uri in other case", "client_id=spa&redirect_uri=https://SPA.example/cb" + verifier,
       "invalid_grant"},
      {"no verifier", "client_id=spa&" + uri, "invalid_grant"},
      {"another verifier", "client_id=spa&" + uri + verifier.substr(0, verifier.size() - 1) + "K",
       "invalid_grant"},
      {"a short verifier", "client_id=spa&" + uri + "&code_verifier=short", "invalid_grant"},
      {"the challenge as verifier", "client_id=spa&" + uri + "&code_verifier=" + GrantFixture::challenge,
       "invalid_grant"},
      {"an unknown client", "client_id=nobody&" + uri + verifier, "invalid_client"},
  };
  for (const Refusal& refusal : refusals) {
    CAPTURE(refusal.why);
    CHECK(server.redeem(code, refusal.form).at("error") == refusal.error);
  }
  CHECK(server.redeem(code).contains("access_token"));
}

TEST_CASE("a code without a redirect_uri is redeemed without one only") {
  GrantFixture server;
  const std::string code = server.code([](store::AuthorizationCode& made) { made.redirect_uri.reset(); });
  CHECK(server.redeem(code).at("error") == "invalid_grant");
  const std::string without = std::string("client_id=spa&code_verifier=") + GrantFixture::verifier;
  CHECK(server.redeem(code, without).contains("access_token"));
}

TEST_CASE("a verifier without a challenge is refused, and a public client needs a challenge") {
  GrantFixture server;
  const auto no_challenge = [](store::AuthorizationCode& code) { code.code_challenge.reset(); };
  const std::string code = server.code(no_challenge);
  const std::string plain = "client_id=spa&redirect_uri=https://spa.example/cb";
  CHECK(server.redeem(code, plain).at("reason") == "a public client's code has no code_challenge");
  CHECK(server.redeem(code).at("error") == "invalid_grant");
}

TEST_CASE("a valid replay revokes all that the code gave, is recorded once, and says invalid_grant") {
  GrantFixture server;
  const std::string code = server.code();
  const auto first = server.redeem(code);
  const auto refreshed = server.refresh(first.at("refresh_token"));
  const auto bystander = server.redeem(server.code());
  server.now += 3600;  // long after it expired
  CHECK(server.redeem(code).at("reason") == "code was redeemed before");
  CHECK_FALSE(server.active(first.at("access_token")));
  CHECK_FALSE(server.active(refreshed.at("access_token")));
  CHECK(server.refresh(refreshed.at("refresh_token")).at("error") == "invalid_grant");
  CHECK(server.active(bystander.at("refresh_token")));
  CHECK(server.redeem(code).at("error") == "invalid_grant");
  CHECK(server.audit() == std::vector<std::string>{"code.reuse client:spa"});
}

TEST_CASE("an invalid replay revokes nothing") {
  GrantFixture server;
  const std::string code = server.code();
  const auto first = server.redeem(code);
  for (const char* form : {"client_id=spa&redirect_uri=https://spa.example/cb",
                           "client_id=other&redirect_uri=https://spa.example/cb&code_verifier=x",
                           "client_id=spa&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}) {
    CAPTURE(form);
    CHECK(server.redeem(code, form).at("error") == "invalid_grant");
  }
  CHECK(server.active(first.at("access_token")));
  CHECK(server.active(first.at("refresh_token")));
}

TEST_CASE(
    "a replay is answered as one even while the user is disabled, so that nothing comes back with them") {
  GrantFixture server;
  const std::string code = server.code();
  const auto first = server.redeem(code);
  const auto disable = [&](std::optional<std::int64_t> at) {
    server.write([&](db::Connection& connection) {
      store::User user = *store::find_user(connection, "u1");
      user.disabled_at = at;
      store::update_user(connection, user);
    });
  };
  disable(server.now);
  CHECK(server.redeem(server.code()).at("reason") == "the user is disabled");
  CHECK(server.redeem(code).at("reason") == "code was redeemed before");
  disable(std::nullopt);
  CHECK_FALSE(server.active(first.at("access_token")));
}

TEST_CASE("a scope lost between approval and redemption is left out; with none left it is invalid_scope") {
  GrantFixture server;
  const std::string both = server.code();
  const std::string only = server.code([](store::AuthorizationCode& code) { code.scope = "write"; });
  const std::string none = server.code([](store::AuthorizationCode& code) { code.scope = ""; });
  server.write([](db::Connection& connection) { store::delete_scope(connection, "write"); });
  CHECK(server.redeem(both).at("scope") == "read");
  CHECK(server.redeem(only).at("error") == "invalid_scope");
  CHECK(server.redeem(none).at("scope") == "");
}

TEST_CASE("a refresh token is issued only where refresh_token is registered") {
  GrantFixture server;
  server.write([](db::Connection& connection) {
    store::Client client = *store::find_client(connection, "spa");
    client.grant_types = {"authorization_code"};
    store::update_client(connection, client);
  });
  const auto answer = server.redeem(server.code());
  CHECK(answer.contains("access_token"));
  CHECK_FALSE(answer.contains("refresh_token"));
}
