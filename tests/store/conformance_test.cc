// What every driver must give the store alike. Real databases, no mocks.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "core/store/audit.h"
#include "core/store/client_secrets.h"
#include "core/store/clients.h"
#include "core/store/scopes.h"
#include "core/store/tokens.h"
#include "core/store/users.h"
#include "tests/support.h"

using namespace oauth2;

namespace {

store::User user(const std::string& id, const std::string& username) {
  store::User made;
  made.id = id;
  made.username = username;
  made.created_at = made.updated_at = 100;
  return made;
}

store::Client client(const std::string& id, const std::string& name,
                     const std::optional<std::string>& owner = {}) {
  store::Client made;
  made.id = id;
  made.name = name;
  made.owner_id = owner;
  made.grant_types = {"client_credentials", "authorization_code"};
  made.scope = {"a", "b"};
  made.redirect_uris = {"https://Z.example.org:443/cb", "https://a.example.org:8443/cb?x=1",
                        "http://127.0.0.1/cb"};
  made.token_endpoint_auth_method = "client_secret_basic";
  made.created_at = made.updated_at = 100;
  return made;
}

store::Token token(const std::string& id) {
  store::Token made;
  made.id = id;
  made.token_hash = "hash-" + id;
  made.kind = "access";
  made.scope = "a b";
  made.created_at = 100;
  return made;
}

// In a transaction of its own: after a conflict it can only be undone.
template <class Action>
void check_conflict(TestDatabase& database, Action&& action) {
  CHECK_THROWS_AS(database->write(action), db::Conflict);
}

}  // namespace

TEST_CASE("usernames and e-mails are taken in any case of letters") {
  TestDatabase database;
  database->write([](db::Connection& connection) {
    store::User alice = user("u1", "Alice");
    alice.email = "Alice@Example.org";
    store::insert_user(connection, alice);
  });
  check_conflict(database,
                 [](db::Connection& connection) { store::insert_user(connection, user("u2", "aLICE")); });
  store::User other = user("u3", "bob");
  other.email = "alice@example.ORG";
  check_conflict(database, [&](db::Connection& connection) { store::insert_user(connection, other); });
  database->read([](db::Connection& connection) {
    CHECK(store::find_user_by_username(connection, "ALICE")->username == "Alice");
    CHECK(store::find_user_by_email(connection, "ALICE@example.org")->id == "u1");
    CHECK_FALSE(store::find_user(connection, "nobody").has_value());
  });
}

TEST_CASE("a client comes back as it went in, its redirect URIs in their order") {
  TestDatabase database;
  database->write([](db::Connection& connection) {
    store::insert_user(connection, user("u1", "alice"));
    store::Client made = client("c1", "ci", "u1");
    made.access_token_ttl = 60;
    made.internal = true;
    store::insert_client(connection, made);
    const auto found = store::find_client(connection, "c1");
    REQUIRE(found);
    CHECK(found->redirect_uris == made.redirect_uris);
    CHECK(found->grant_types == made.grant_types);
    CHECK(found->scope == made.scope);
    CHECK(found->default_scope.empty());
    CHECK(found->access_token_ttl == 60);
    CHECK_FALSE(found->refresh_token_ttl.has_value());
    CHECK(found->internal);
    CHECK(found->owner_username == "alice");
    CHECK(store::list_clients_by_id_prefix(connection, "c").size() == 1);
    CHECK(store::list_clients_by_id_prefix(connection, "d").empty());
  });
}

TEST_CASE("client names are unique per owner, and among those without one") {
  TestDatabase database;
  database->write([](db::Connection& connection) {
    store::insert_user(connection, user("u1", "alice"));
    store::insert_client(connection, client("c1", "ci", "u1"));
    store::insert_client(connection, client("c2", "ci"));
  });
  for (const auto& taken : {client("c3", "ci", "u1"), client("c4", "ci")}) {
    check_conflict(database, [&](db::Connection& connection) { store::insert_client(connection, taken); });
  }
  database->read([](db::Connection& connection) {
    CHECK(store::list_clients_by_name(connection, "ci").size() == 2);
    CHECK(store::find_client_of_owner(connection, "u1", "ci")->id == "c1");
    CHECK(store::find_client_of_owner(connection, std::nullopt, "ci")->id == "c2");
  });
}

TEST_CASE("only public clients' https redirect URIs give an origin for CORS") {
  TestDatabase database;
  database->write([](db::Connection& connection) {
    store::insert_client(connection, client("c1", "confidential"));
    CHECK_FALSE(store::is_public_client_origin(connection, "https://z.example.org"));
    store::Client open = client("c2", "public");
    open.token_endpoint_auth_method = "none";
    store::insert_client(connection, open);
    CHECK(store::is_public_client_origin(connection, "https://z.example.org"));
    CHECK(store::is_public_client_origin(connection, "https://a.example.org:8443"));
    CHECK_FALSE(store::is_public_client_origin(connection, "https://a.example.org"));
    CHECK_FALSE(store::is_public_client_origin(connection, "http://127.0.0.1"));
  });
}

TEST_CASE("a list filtered by grant finds whole words only") {
  TestDatabase database;
  database->write([](db::Connection& connection) {
    store::insert_client(connection, client("c1", "one"));
    store::ClientFilter filter;
    filter.grant_type = "client_credentials";
    CHECK(store::list_clients(connection, filter).size() == 1);
    filter.grant_type = "credentials";
    CHECK(store::list_clients(connection, filter).empty());
  });
}

TEST_CASE("deleting a user takes clients, their secrets and all their tokens along") {
  TestDatabase database;
  database->write([](db::Connection& connection) {
    store::insert_user(connection, user("u1", "alice"));
    store::insert_client(connection, client("c1", "ci", "u1"));
    store::insert_client_secret(connection, {"s1", "c1", "hash", 100, std::nullopt});
    store::Token by_client = token("t1");
    by_client.client_id = "c1";
    store::insert_token(connection, by_client);
    store::Token by_user = token("t2");
    by_user.user_id = "u1";
    store::insert_token(connection, by_user);
    const auto belongings = store::count_user_belongings(connection, "u1");
    CHECK(belongings.clients == 1);
    CHECK(belongings.tokens == 2);
    CHECK(store::delete_user(connection, "u1"));
    CHECK_FALSE(store::find_client(connection, "c1").has_value());
    CHECK(store::list_client_secrets(connection, "c1").empty());
    CHECK(store::list_tokens(connection, {}).empty());
  });
}

TEST_CASE(
    "a token is inactive while its user, its client or the client's owner is disabled, and active again "
    "after") {
  TestDatabase database;
  database->write([](db::Connection& connection) {
    store::User owner = user("u1", "owner");
    store::User holder = user("u2", "holder");
    store::insert_user(connection, owner);
    store::insert_user(connection, holder);
    store::Client made = client("c1", "ci", "u1");
    store::insert_client(connection, made);
    store::Token both = token("t1");
    both.client_id = "c1";
    both.user_id = "u2";
    store::insert_token(connection, both);
    const auto active = [&] { return store::find_token(connection, "t1")->is_active(200); };
    CHECK(active());
    for (store::User* somebody : {&owner, &holder}) {
      somebody->disabled_at = 150;
      store::update_user(connection, *somebody);
      CHECK_FALSE(active());
      somebody->disabled_at.reset();
      store::update_user(connection, *somebody);
      CHECK(active());
    }
    made.disabled_at = 150;
    store::update_client(connection, made);
    CHECK_FALSE(active());
  });
}

TEST_CASE("a token is active up to the second before it expires, and never again once revoked") {
  store::Token made = token("t1");
  made.expires_at = 200;
  CHECK(made.is_active(199));
  CHECK_FALSE(made.is_active(200));
  made.expires_at.reset();
  CHECK(made.is_active(4'000'000'000));
  made.revoked_at = 150;
  CHECK_FALSE(made.is_active(100));
}

TEST_CASE("of 8 connections that revoke one token, one is told that it did") {
  TestDatabase database;
  for (int round = 0; round < 20; ++round) {
    const std::string id = "t" + std::to_string(round);
    database->write([&](db::Connection& connection) { store::insert_token(connection, token(id)); });
    std::atomic<std::int64_t> revoked{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        db::Database own(database.url(), patient());
        revoked +=
            own.write([&](db::Connection& connection) { return store::revoke_token(connection, id, 200); });
      });
    }
    for (auto& thread : threads) thread.join();
    REQUIRE(revoked == 1);
  }
}

TEST_CASE("a family is revoked as a whole, and nothing beside it") {
  TestDatabase database;
  database->write([](db::Connection& connection) {
    for (const char* id : {"t1", "t2", "t3"}) {
      store::Token made = token(id);
      if (std::string(id) != "t3") made.family_id = "f";
      store::insert_token(connection, made);
    }
    CHECK(store::revoke_token_family(connection, "f", 200) == 2);
    CHECK(store::revoke_token_family(connection, "f", 300) == 0);
    CHECK_FALSE(store::find_token(connection, "t3")->revoked_at.has_value());
    CHECK(store::find_token(connection, "t1")->revoked_at == 200);
  });
}

TEST_CASE("a use is noted at most once in the given seconds") {
  TestDatabase database;
  database->write([](db::Connection& connection) {
    store::insert_token(connection, token("t1"));
    store::touch_token(connection, "t1", 1000, 60);
    store::touch_token(connection, "t1", 1059, 60);
    CHECK(store::find_token(connection, "t1")->last_used_at == 1000);
    store::touch_token(connection, "t1", 1060, 60);
    CHECK(store::find_token(connection, "t1")->last_used_at == 1060);
  });
}

TEST_CASE("pruning takes what died before the date, in batches, and nothing that lives") {
  TestDatabase database;
  database->write([](db::Connection& connection) {
    for (int i = 0; i < 10; ++i) {
      store::Token made = token("dead" + std::to_string(i));
      made.expires_at = 500;
      store::insert_token(connection, made);
    }
    store::insert_token(connection, token("forever"));
    store::Token later = token("later");
    later.expires_at = 2000;
    store::insert_token(connection, later);
    store::insert_token(connection, token("revoked"));
    store::revoke_token(connection, "revoked", 600);
    CHECK(store::count_dead_tokens(connection, 1000) == 11);
    CHECK(store::delete_dead_tokens(connection, 1000, 4) == 4);
    CHECK(store::delete_dead_tokens(connection, 1000, 100) == 7);
    CHECK(store::list_tokens(connection, {}).size() == 2);
  });
}

TEST_CASE("a personal token's name is free again once it is revoked or has a successor") {
  TestDatabase database;
  const auto personal = [](const std::string& id) {
    store::Token made = token(id);
    made.kind = "personal";
    made.user_id = "u1";
    made.name = "laptop";
    return made;
  };
  database->write([&](db::Connection& connection) {
    store::insert_user(connection, user("u1", "alice"));
    store::insert_token(connection, personal("t1"));
  });
  check_conflict(database,
                 [&](db::Connection& connection) { store::insert_token(connection, personal("t2")); });
  database->write([&](db::Connection& connection) {
    store::revoke_token(connection, "t1", 200);
    store::insert_token(connection, personal("t3"));
    store::Token rotated = *store::find_token(connection, "t3");
    rotated.rotated_at = 300;
    store::update_token(connection, rotated);
    store::insert_token(connection, personal("t4"));
    CHECK(store::find_personal_token(connection, "u1", "laptop")->id == "t4");
  });
}

TEST_CASE("a scope's use counts whole words of clients and of live tokens") {
  TestDatabase database;
  database->write([](db::Connection& connection) {
    store::insert_client(connection, client("c1", "ci"));
    store::insert_token(connection, token("t1"));
    store::Token expired = token("t2");
    expired.expires_at = 150;
    store::insert_token(connection, expired);
    CHECK(store::count_scope_use(connection, "a", 200).clients == 1);
    CHECK(store::count_scope_use(connection, "a", 200).tokens == 1);
    CHECK(store::count_scope_use(connection, "ab", 200).clients == 0);
  });
}

TEST_CASE("audit entries are numbered without a gap and chained, also when many write at once") {
  TestDatabase database(db::Options::Mode::server);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 25; ++k) {
        database->write([](db::Connection& connection) {
          store::append_audit(connection, {0, 100, "os:me", "client.create", "client:x", {}, {}, {}});
        });
      }
    });
  }
  for (auto& thread : threads) thread.join();
  database->read([](db::Connection& connection) {
    const auto entries = store::list_audit(connection, {});
    REQUIRE(entries.size() == 100);
    for (std::size_t i = 0; i < entries.size(); ++i)
      REQUIRE(entries[i].id == static_cast<std::int64_t>(i + 1));
    std::int64_t hashes = 0;
    connection.run("SELECT count(DISTINCT chain_hash) FROM audit_log", {},
                   [&](const db::Row& row) { hashes = row.integer(0); });
    CHECK(hashes == 100);
    store::AuditFilter filter;
    filter.object = "x";
    filter.actor = "me";
    CHECK(store::list_audit(connection, filter).size() == 100);
  });
}
