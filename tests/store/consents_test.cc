// What every driver must give the store alike. Real databases, no mocks.
#include "core/store/consents.h"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

#include "core/store/clients.h"
#include "core/store/codes.h"
#include "core/store/tokens.h"
#include "core/store/users.h"
#include "core/text.h"
#include "tests/support.h"

using namespace oauth2;

namespace {

store::User user(const std::string& id, const std::string& username) {
  store::User made;
  made.id = id;
  made.username = username;
  return made;
}

store::Client client(const std::string& id, const std::string& name,
                     const std::optional<std::string>& owner = {}) {
  store::Client made;
  made.id = id;
  made.name = name;
  made.owner_id = owner;
  made.token_endpoint_auth_method = "client_secret_basic";
  return made;
}

// With alice (u1), bob (u2), and the clients wiki (c1), owned by olga (u3), and mail (c2).
struct Populated : TestDatabase {
  Populated() {
    (**this).write([](db::Connection& connection) {
      store::insert_user(connection, user("u1", "alice"));
      store::insert_user(connection, user("u2", "bob"));
      store::insert_user(connection, user("u3", "olga"));
      store::insert_client(connection, client("c1", "wiki", "u3"));
      store::insert_client(connection, client("c2", "mail"));
    });
  }
};

store::Consent consent(const std::string& id, const std::string& user_id, const std::string& client_id,
                       const std::string& scope, std::int64_t now = 100) {
  store::Consent made;
  made.id = id;
  made.user_id = user_id;
  made.client_id = client_id;
  made.scope = scope;
  made.created_at = made.updated_at = now;
  return made;
}

store::Token token(const std::string& id, const std::string& kind, const std::string& user_id,
                   const std::optional<std::string>& client_id) {
  store::Token made;
  made.id = id;
  made.token_hash = "hash-" + id;
  made.kind = kind;
  made.user_id = user_id;
  made.client_id = client_id;
  made.created_at = 100;
  return made;
}

std::vector<std::string> ids(const std::vector<store::Consent>& consents) {
  std::vector<std::string> out;
  for (const auto& consent : consents) out.push_back(consent.id);
  return out;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE(
    "a consent for more widens the one that is there, which keeps its id; for less it changes nothing") {
  Populated database;
  database->write([](db::Connection& connection) {
    const auto first = store::insert_or_widen_consent(connection, consent("k1", "u1", "c1", "read write"));
    CHECK(first.id == "k1");
    CHECK(first.username == "alice");
    CHECK(first.client_name == "wiki");
    const auto wider =
        store::insert_or_widen_consent(connection, consent("k2", "u1", "c1", "mail read", 200));
    CHECK(wider.id == "k1");
    CHECK(wider.scope == "read write mail");
    CHECK(wider.created_at == 100);
    CHECK(wider.updated_at == 200);
    store::insert_or_widen_consent(connection, consent("k3", "u1", "c1", "write", 300));
    const auto found = store::find_consent_of(connection, "u1", "c1");
    REQUIRE(found);
    CHECK(found->scope == "read write mail");
    CHECK(found->updated_at == 200);
    CHECK_FALSE(store::find_consent_of(connection, "u1", "c2").has_value());
    CHECK_FALSE(store::find_consent(connection, "k2", 100).has_value());
  });
}

TEST_CASE("of 8 connections that widen one consent, none loses a word of another") {
  Populated database;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      db::Database own(database.url(), patient());
      const auto made = consent("k" + std::to_string(i), "u1", "c1", "read w" + std::to_string(i));
      own.write([&](db::Connection& connection) { store::insert_or_widen_consent(connection, made); });
    });
  }
  for (auto& thread : threads) thread.join();
  database->read([](db::Connection& connection) {
    const auto found = store::list_consents(connection, {}, 200);
    REQUIRE(found.size() == 1);
    CHECK(text::words(found.front().scope).size() == 9);
  });
}

TEST_CASE("consents are listed newest first, by user, by client, and by the start of an id") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_or_widen_consent(connection, consent("k1", "u1", "c1", "a"));
    store::insert_or_widen_consent(connection, consent("k2", "u2", "c1", "a"));
    store::insert_or_widen_consent(connection, consent("k3", "u1", "c2", "a", 300));
    CHECK(ids(store::list_consents(connection, {}, 100)) == Ids{"k3", "k1", "k2"});
    CHECK(ids(store::list_consents(connection, {"u1", std::nullopt}, 100)) == Ids{"k3", "k1"});
    CHECK(ids(store::list_consents(connection, {std::nullopt, "c1"}, 100)) == Ids{"k1", "k2"});
    CHECK(ids(store::list_consents(connection, {"u2", "c1"}, 100)) == Ids{"k2"});
    CHECK(store::list_consents(connection, {"u2", "c2"}, 100).empty());
    CHECK(store::count_consents(connection, {}) == 3);
    CHECK(store::count_consents(connection, {"u1", std::nullopt}) == 2);
    CHECK(store::count_consents(connection, {"u2", "c2"}) == 0);
    CHECK(ids(store::list_consents_by_id_prefix(connection, "k", 100)) == Ids{"k1", "k2", "k3"});
    CHECK(store::delete_consent(connection, "k1"));
    CHECK_FALSE(store::delete_consent(connection, "k1"));
    CHECK(store::count_consents(connection, {}) == 2);
  });
}

TEST_CASE("a consent counts the pair's tokens that are active, and none while anybody behind is disabled") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_or_widen_consent(connection, consent("k1", "u1", "c1", "a"));
    const auto live = [&](std::int64_t now) {
      return store::find_consent(connection, "k1", now)->live_tokens;
    };
    CHECK(live(200) == 0);
    store::Token short_lived = token("t1", "access", "u1", "c1");
    short_lived.expires_at = 300;
    store::insert_token(connection, short_lived);
    store::insert_token(connection, token("t2", "refresh", "u1", "c1"));
    store::insert_token(connection, token("rotated", "refresh", "u1", "c1"));
    store::rotate_refresh_token(connection, "rotated", 150, "sealed");
    store::insert_token(connection, token("revoked", "access", "u1", "c1"));
    store::revoke_token(connection, "revoked", 150);
    store::insert_token(connection, token("another's", "access", "u2", "c1"));
    store::insert_token(connection, token("elsewhere", "access", "u1", "c2"));
    store::insert_token(connection, token("personal", "personal", "u1", std::nullopt));
    CHECK(live(299) == 2);
    CHECK(live(300) == 1);
    CHECK(store::list_consents(connection, {"u1", "c1"}, 299).front().live_tokens == 2);
    for (const char* id : {"u1", "u3"}) {
      store::User somebody = *store::find_user(connection, id);
      somebody.disabled_at = 150;
      store::update_user(connection, somebody);
      CHECK(live(200) == 0);
      somebody.disabled_at.reset();
      store::update_user(connection, somebody);
      CHECK(live(200) == 2);
    }
    store::Client wiki = *store::find_client(connection, "c1");
    wiki.disabled_at = 150;
    store::update_client(connection, wiki);
    CHECK(live(200) == 0);
  });
}

// What the consent k1 of u1 allows, as each of the ways to read it says.
std::string allowed(db::Connection& connection, std::int64_t now) {
  const std::string scope = store::find_consent(connection, "k1", now)->allowed_scope;
  CHECK(store::find_consent_of_user(connection, "u1", "k1", now)->allowed_scope == scope);
  CHECK(store::list_consents_by_id_prefix(connection, "k1", now).front().allowed_scope == scope);
  CHECK(store::list_consents(connection, {"u1", "c1"}, now).front().allowed_scope == scope);
  CHECK(store::list_consents_of_user(connection, "u1", now, {}).back().allowed_scope == scope);
  return scope;
}

TEST_CASE("what a device was allowed is shown as long as a token has it") {
  Populated database;
  database->write([](db::Connection& connection) {
    const auto insert = [&](store::Token made, const std::string& scope,
                            std::optional<std::int64_t> expires_at = {}) {
      made.scope = scope;
      made.expires_at = expires_at;
      store::insert_token(connection, made);
    };
    store::insert_or_widen_consent(connection, consent("k1", "u1", "c1", ""));
    store::insert_or_widen_consent(connection, consent("k2", "u1", "c2", "mail", 200));
    store::insert_or_widen_consent(connection, consent("k3", "u2", "c1", ""));
    CHECK(allowed(connection, 150) == "");
    insert(token("t1", "access", "u1", "c1"), "read write", 300);
    insert(token("t2", "refresh", "u1", "c1"), "read", 400);
    insert(token("t3", "access", "u1", "c1"), "write read");
    insert(token("revoked", "access", "u1", "c1"), "gone");
    store::revoke_token(connection, "revoked", 150);
    insert(token("rotated", "refresh", "u1", "c1"), "gone");
    store::rotate_refresh_token(connection, "rotated", 150, "sealed");
    insert(token("another's", "access", "u2", "c1"), "others");
    insert(token("elsewhere", "access", "u1", "c2"), "send");
    insert(token("personal", "personal", "u1", std::nullopt), "own");
    CHECK(allowed(connection, 299) == "read write");
    CHECK(store::find_consent(connection, "k1", 299)->scope == "");
    CHECK(store::find_consent(connection, "k1", 299)->live_tokens == 3);
    CHECK(store::find_consent(connection, "k2", 299)->allowed_scope == "mail send");
    CHECK(store::find_consent(connection, "k3", 299)->allowed_scope == "others");
    store::revoke_token(connection, "t3", 150);
    CHECK(allowed(connection, 300) == "read");
    CHECK(allowed(connection, 400) == "");
    store::insert_or_widen_consent(connection, consent("k1", "u1", "c1", "read", 200));
    CHECK(allowed(connection, 299) == "read write");
    CHECK(allowed(connection, 400) == "read");
    store::Client wiki = *store::find_client(connection, "c1");
    wiki.disabled_at = 150;
    store::update_client(connection, wiki);
    CHECK(allowed(connection, 299) == "read");
    CHECK(store::find_consent_of_user(connection, "u1", "k1", 299)->live_tokens == 0);
  });
}

TEST_CASE("a user's consents come in pages of consents, however many scopes their tokens have") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_or_widen_consent(connection, consent("k1", "u1", "c1", "a"));
    store::insert_or_widen_consent(connection, consent("k2", "u1", "c2", "a", 200));
    for (const char* scope : {"a", "b", "c"}) {
      store::Token made = token(std::string("t-") + scope, "access", "u1", "c2");
      made.scope = scope;
      store::insert_token(connection, made);
    }
    CHECK(ids(store::list_consents_of_user(connection, "u1", 200, {1, 0})) == Ids{"k2"});
    CHECK(ids(store::list_consents_of_user(connection, "u1", 200, {1, 1})) == Ids{"k1"});
    const auto all = store::list_consents_of_user(connection, "u1", 200, {});
    CHECK(ids(all) == Ids{"k2", "k1"});
    CHECK(all.front().allowed_scope == "a b c");
    CHECK(all.front().live_tokens == 3);
  });
}

TEST_CASE("revoking the tokens of a pair takes rotated ones too, and neither personal nor others' ones") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_token(connection, token("t1", "access", "u1", "c1"));
    store::insert_token(connection, token("t2", "refresh", "u1", "c1"));
    store::rotate_refresh_token(connection, "t2", 150, "sealed");
    store::insert_token(connection, token("another's", "access", "u2", "c1"));
    store::insert_token(connection, token("elsewhere", "access", "u1", "c2"));
    store::insert_token(connection, token("personal", "personal", "u1", std::nullopt));
    CHECK(store::revoke_tokens_of_grant(connection, "u1", "c1", 200) == 2);
    CHECK(store::revoke_tokens_of_grant(connection, "u1", "c1", 300) == 0);
    CHECK(store::find_token(connection, "t2")->revoked_at == 200);
    for (const char* id : {"another's", "elsewhere", "personal"}) {
      CHECK_FALSE(store::find_token(connection, id)->revoked_at.has_value());
    }
  });
}

TEST_CASE("codes of a pair that wait to be redeemed are deleted; a redeemed one stays, to tell a replay") {
  Populated database;
  database->write([](db::Connection& connection) {
    const auto insert = [&](const std::string& hash, const std::string& user_id,
                            const std::string& client_id) {
      store::AuthorizationCode code;
      code.code_hash = hash;
      code.user_id = user_id;
      code.client_id = client_id;
      code.family_id = "f-" + hash;
      code.expires_at = 160;
      store::insert_authorization_code(connection, code);
    };
    insert("waiting", "u1", "c1");
    insert("redeemed", "u1", "c1");
    store::redeem_authorization_code(connection, "redeemed", 110);
    insert("another's", "u2", "c1");
    insert("elsewhere", "u1", "c2");
    CHECK(store::delete_unredeemed_authorization_codes(connection, "u1", "c1") == 1);
    CHECK_FALSE(store::find_authorization_code(connection, "waiting").has_value());
    for (const char* hash : {"redeemed", "another's", "elsewhere"}) {
      CHECK(store::find_authorization_code(connection, hash).has_value());
    }
  });
}
