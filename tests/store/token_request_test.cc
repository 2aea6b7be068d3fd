#include "core/store/token_request.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "core/store/client_secrets.h"
#include "core/store/users.h"
#include "tests/support.h"

using namespace oauth2;

namespace {

// The client c1 of the owner u1 with two live secrets and an expired one; the code `code` and the refresh
// token `token` that u2 gave c1.
struct Populated : TestDatabase {
  Populated() {
    (*this)->write([](db::Connection& connection) {
      for (const char* id : {"u1", "u2"}) {
        store::User user;
        user.id = user.username = id;
        store::insert_user(connection, user);
      }
      for (const char* id : {"c1", "c2"}) {
        store::Client client;
        client.id = client.name = id;
        client.owner_id = "u1";
        client.token_endpoint_auth_method = "client_secret_basic";
        client.grant_types = {"authorization_code", "refresh_token"};
        client.scope = {"a", "b"};
        client.refresh_token_ttl = 7;
        store::insert_client(connection, client);
      }
      store::insert_client_secret(connection, {"s1", "c1", "hash 1", 0, {}});
      store::insert_client_secret(connection, {"s2", "c1", "hash 2", 0, 101});
      store::insert_client_secret(connection, {"s3", "c1", "hash 3", 0, 100});
      store::insert_authorization_code(
          connection,
          {"code", "c1", "u2", "https://a.example/", "a b", {}, "challenge", "f", 100, 160, {}, false});
      store::Token token;
      token.id = "token";
      token.token_hash = "token hash";
      token.kind = "refresh";
      token.client_id = "c1";
      token.user_id = "u2";
      token.scope = "a";
      token.family_id = "f";
      store::insert_token(connection, token);
    });
  }

  auto code_for(const char* client_id, const char* code_hash) {
    return (*this)->read([&](db::Connection& connection) {
      return store::find_client_and_code(connection, client_id, code_hash, 100);
    });
  }
  auto token_for(const char* client_id, const char* token_id) {
    return (*this)->read([&](db::Connection& connection) {
      return store::find_client_and_refresh_token(connection, client_id, token_id, 100);
    });
  }
};

std::vector<std::string> sorted(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  return texts;
}

}  // namespace

TEST_CASE("a client comes with its live secrets and with what it presents, however many secrets it has") {
  Populated database;
  const auto with_code = database.code_for("c1", "code");
  REQUIRE(with_code);
  CHECK(sorted(with_code->credentials.live_secret_hashes) == std::vector<std::string>{"hash 1", "hash 2"});
  const store::Client& client = with_code->credentials.client;
  CHECK(client.id == "c1");
  CHECK(client.token_endpoint_auth_method == "client_secret_basic");
  CHECK(client.has_grant("refresh_token"));
  CHECK(client.scope == std::vector<std::string>{"a", "b"});
  CHECK_FALSE(client.access_token_ttl);
  CHECK(client.refresh_token_ttl == 7);
  CHECK_FALSE(client.is_disabled());
  REQUIRE(with_code->code);
  CHECK(with_code->code->user_id == "u2");
  CHECK(with_code->code->scope == "a b");
  CHECK(with_code->code->expires_at == 160);

  const auto with_token = database.token_for("c1", "token");
  REQUIRE(with_token);
  CHECK(sorted(with_token->credentials.live_secret_hashes) == std::vector<std::string>{"hash 1", "hash 2"});
  REQUIRE(with_token->token);
  CHECK(with_token->token->token_hash == "token hash");
  CHECK(with_token->token->username == "u2");
  CHECK(with_token->token->client_name == "c1");
  CHECK_FALSE(with_token->token->holder_disabled);
}

TEST_CASE("a client that presents what is unknown or another's is found all the same, an unknown one never") {
  Populated database;
  for (const char* unknown : {"", "other"}) {
    CHECK_FALSE(database.code_for("c1", unknown)->code);
    CHECK_FALSE(database.token_for("c1", unknown)->token);
  }
  CHECK(database.code_for("c2", "code")->code->client_id == "c1");
  CHECK(database.token_for("c2", "token")->token->client_id == "c1");
  CHECK(database.code_for("c2", "code")->credentials.live_secret_hashes.empty());
  CHECK_FALSE(database.code_for("c3", "code"));
  CHECK_FALSE(database.token_for("c3", "token"));
}

TEST_CASE("whoever is disabled shows along with what the client presents: its owner and the user") {
  const auto disable = [](Populated& database, const char* id) {
    database->write([&](db::Connection& connection) {
      store::User user = *store::find_user(connection, id);
      user.disabled_at = 1;
      store::update_user(connection, user);
    });
  };
  Populated owner;
  disable(owner, "u1");
  CHECK(owner.code_for("c1", "code")->credentials.client.is_disabled());
  CHECK(owner.token_for("c1", "token")->credentials.client.is_disabled());
  CHECK(owner.token_for("c1", "token")->token->holder_disabled);
  CHECK_FALSE(owner.code_for("c1", "code")->code->user_disabled);
  Populated user;
  disable(user, "u2");
  CHECK(user.code_for("c1", "code")->code->user_disabled);
  CHECK(user.token_for("c1", "token")->token->holder_disabled);
  CHECK_FALSE(user.token_for("c1", "token")->credentials.client.is_disabled());
}
