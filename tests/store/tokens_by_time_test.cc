// Tokens in the order in which they were made, and those that were made before they lay so.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/crypto/base62.h"
#include "core/crypto/hash.h"
#include "core/crypto/random.h"
#include "core/crypto/token_string.h"
#include "core/db/migrate.h"
#include "core/db/postgres.h"
#include "core/db/sqlite.h"
#include "core/protocol/token_document.h"
#include "core/store/tokens.h"
#include "tests/support.h"

using namespace oauth2;
using crypto::TokenKind;

namespace {

// A database as schema 4 left it, with alice and the client app.
class OlderDatabase {
 public:
  OlderDatabase() {
    if (on_postgresql()) schema_ = std::make_unique<TestSchema>();
    connection_ = schema_ ? db::open_postgres(schema_->url(), {true})
                          : db::open_sqlite(folder_.path("m.db"), {true, std::chrono::milliseconds(1000)});
    std::vector<db::Migration> older = db::migrations();
    std::erase_if(older, [](const db::Migration& migration) { return migration.version > 4; });
    db::migrate(*connection_, 0, older);
    connection_->run(
        "INSERT INTO users (id, username, username_key, created_at, updated_at)"
        " VALUES ('u1', 'alice', 'alice', 1, 1)");
    connection_->run(
        "INSERT INTO clients (id, name, grant_types, response_types, scope, default_scope,"
        " token_endpoint_auth_method, introspect, internal, skip_consent, created_at, updated_at)"
        " VALUES ('app', 'app', '', '', '', '', 'none', 'own', 0, 0, 1, 1)");
  }
  db::Connection& operator*() { return *connection_; }
  db::Connection* operator->() { return connection_.get(); }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<TestSchema> schema_;
  std::unique_ptr<db::Connection> connection_;
};

std::string older_name(const std::string& token) { return crypto::timeless_token_id(crypto::sha256(token)); }

// All its columns have values, and no two the same.
void insert_older(db::Connection& connection, const std::string& token, const char* kind) {
  connection.run(
      "INSERT INTO tokens (id, token_hash, kind, client_id, user_id, name, scope, audience, internal, "
      "family_id,"
      " created_at, expires_at, last_used_at, revoked_at, rotated_at, lifetime, successor_sealed, "
      "signing_kid)"
      " VALUES ($1, $2, $3, 'app', 'u1', 'laptop', 'read', 'https://api.example', 1, 'f1', 11, 12, 13, 14, "
      "15, 16,"
      " 'sealed', 'kid')",
      {older_name(token), crypto::sha256_base64url(token), kind});
}

// Every column that both schemas have, as one text a row.
std::vector<std::string> rows(db::Connection& connection) {
  std::vector<std::string> all;
  connection.run(
      "SELECT id || ' ' || token_hash || ' ' || kind || ' ' || client_id || ' ' || user_id || ' ' || name || "
      "' ' ||"
      " scope || ' ' || audience || ' ' || internal || ' ' || family_id || ' ' || created_at || ' ' || "
      "expires_at ||"
      " ' ' || last_used_at || ' ' || revoked_at || ' ' || rotated_at || ' ' || lifetime || ' ' || "
      "successor_sealed"
      " || ' ' || signing_kid FROM tokens ORDER BY id",
      {}, [&](const db::Row& row) { all.push_back(row.text(0)); });
  return all;
}

}  // namespace

TEST_CASE("tokens made before schema 5 keep all that is known of them, and are found by their text") {
  OlderDatabase database;
  const std::string access = crypto::make_token_string(TokenKind::access);
  const std::string refresh = crypto::make_token_string(TokenKind::refresh);
  const std::string personal = crypto::make_token_string(TokenKind::personal);
  insert_older(*database, access, "access");
  insert_older(*database, refresh, "refresh");
  insert_older(*database, personal, "personal");
  const auto before = rows(*database);
  REQUIRE(before.size() == 3);
  REQUIRE(std::none_of(before.begin(), before.end(), [](const std::string& row) { return row.empty(); }));
  db::migrate(*database, 0);
  CHECK(rows(*database) == before);
  for (const std::string& token : {access, refresh, personal}) {
    CAPTURE(token);
    const auto found = protocol::find_token(*database, token);
    REQUIRE(found.has_value());
    CHECK(found->id == older_name(token));
  }
  CHECK_FALSE(protocol::find_token(*database, crypto::make_token_string(TokenKind::access)).has_value());
}

TEST_CASE("tokens made before schema 5 can be revoked, and go with their client") {
  OlderDatabase database;
  const std::string token = crypto::make_token_string(TokenKind::access);
  insert_older(*database, token, "access");
  db::migrate(*database, 0);
  database->run("UPDATE tokens SET revoked_at = NULL, rotated_at = NULL");
  CHECK(store::revoke_token(*database, older_name(token), 20) == 1);
  CHECK(store::find_token(*database, older_name(token))->revoked_at == 20);
  database->run("DELETE FROM clients WHERE id = 'app'");
  CHECK(database->number("SELECT count(*) FROM tokens") == 0);
}

TEST_CASE("an id finds its token whether or not it tells the time, and so does what an id begins with") {
  TestDatabase database;
  database->write([](db::Connection& connection) {
    std::vector<std::string> ids = {"abcdefghijABCDEFGHIJ01", crypto::random_token_id(), "t1"};
    for (const std::string& id : ids) {
      store::Token token;
      token.id = id;
      token.token_hash = "hash of " + id;
      token.kind = "access";
      token.created_at = 1;
      store::insert_token(connection, token);
    }
    for (const std::string& id : ids) {
      CAPTURE(id);
      REQUIRE(store::find_token(connection, id).has_value());
      CHECK(store::find_token(connection, id)->token_hash == "hash of " + id);
      const auto found = store::list_tokens_by_id_prefix(connection, id.substr(0, 6));
      REQUIRE(found.size() == 1);
      CHECK(found.front().id == id);
      store::touch_token(connection, id, 100, 60);
      CHECK(store::find_token(connection, id)->last_used_at == 100);
      CHECK(store::revoke_token(connection, id, 200) == 1);
      CHECK(store::revoke_token(connection, id, 201) == 0);
    }
    CHECK_FALSE(store::find_token(connection, ids[1].substr(0, 22)).has_value());
  });
}

TEST_CASE("tokens lie in the order in which they were made") {
  TestDatabase database;
  database->write([](db::Connection& connection) {
    std::vector<std::string> made;
    for (int i = 0; i < 100; ++i) {
      store::Token token;
      token.id = made.emplace_back(crypto::random_base62(16) + crypto::base62(1'800'000'000'000 + i, 7));
      token.token_hash = "h";
      token.kind = "access";
      token.created_at = 1;
      store::insert_token(connection, token);
    }
    std::vector<std::string> lie;
    connection.run("SELECT id FROM tokens ORDER BY issued_ms, id", {},
                   [&](const db::Row& row) { lie.push_back(row.text(0)); });
    CHECK(lie == made);
  });
}
