#include "core/store/codes.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "core/store/clients.h"
#include "core/store/tokens.h"
#include "core/store/users.h"
#include "tests/support.h"

using namespace oauth2;

namespace {

// A database with the user u1 and the client c1.
struct Populated : TestDatabase {
  Populated() {
    (*this)->write([](db::Connection& connection) {
      store::User user;
      user.id = "u1";
      user.username = "alice";
      store::insert_user(connection, user);
      store::Client client;
      client.id = "c1";
      client.name = "web";
      client.token_endpoint_auth_method = "none";
      store::insert_client(connection, client);
    });
  }
};

store::AuthorizationCode code(const std::string& hash) {
  store::AuthorizationCode made;
  made.code_hash = hash;
  made.client_id = "c1";
  made.user_id = "u1";
  made.scope = "a b";
  made.family_id = "f-" + hash;
  made.created_at = 100;
  made.expires_at = 160;
  return made;
}

store::Token refresh_token(const std::string& id) {
  store::Token made;
  made.id = id;
  made.token_hash = "hash-" + id;
  made.kind = "refresh";
  made.scope = "a";
  made.family_id = "f";
  made.created_at = 100;
  return made;
}

// How many of 8 connections are told that they won.
template <class Act>
int winners_of_8(const Populated& database, Act act) {
  std::atomic<int> won{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      db::Database own(database.url(), patient());
      if (own.write(act)) ++won;
    });
  }
  for (auto& thread : threads) thread.join();
  return won;
}

}  // namespace

TEST_CASE("a code comes back as it went in, what was not sent absent") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::AuthorizationCode made = code("h1");
    store::insert_authorization_code(connection, made);
    auto found = store::find_authorization_code(connection, "h1");
    REQUIRE(found);
    CHECK(found->client_id == "c1");
    CHECK(found->user_id == "u1");
    CHECK(found->scope == "a b");
    CHECK(found->family_id == "f-h1");
    CHECK(found->expires_at == 160);
    CHECK_FALSE((found->redirect_uri || found->audience || found->code_challenge || found->redeemed_at));
    made.code_hash = "h2";
    made.redirect_uri = "https://a.example/";
    made.audience = "https://api.example";
    made.code_challenge = "challenge";
    store::insert_authorization_code(connection, made);
    found = store::find_authorization_code(connection, "h2");
    CHECK(found->redirect_uri == "https://a.example/");
    CHECK(found->audience == "https://api.example");
    CHECK(found->code_challenge == "challenge");
    CHECK_FALSE(store::find_authorization_code(connection, "h3").has_value());
  });
}

TEST_CASE("a code says whether its user is disabled now") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_authorization_code(connection, code("h1"));
    CHECK_FALSE(store::find_authorization_code(connection, "h1")->user_disabled);
    store::User user = *store::find_user(connection, "u1");
    user.disabled_at = 120;
    store::update_user(connection, user);
    CHECK(store::find_authorization_code(connection, "h1")->user_disabled);
  });
}

TEST_CASE("of 8 connections that redeem one code, one is told that it did") {
  Populated database;
  for (int round = 0; round < 10; ++round) {
    const std::string hash = "h" + std::to_string(round);
    database->write(
        [&](db::Connection& connection) { store::insert_authorization_code(connection, code(hash)); });
    REQUIRE(winners_of_8(database, [&](db::Connection& connection) {
              return store::redeem_authorization_code(connection, hash, 120);
            }) == 1);
  }
}

TEST_CASE("pruning takes codes that expired before the date, redeemed or not, and no others") {
  Populated database;
  database->write([](db::Connection& connection) {
    for (const char* hash : {"h1", "h2", "h3"}) store::insert_authorization_code(connection, code(hash));
    store::AuthorizationCode later = code("later");
    later.expires_at = 1000;
    store::insert_authorization_code(connection, later);
    store::redeem_authorization_code(connection, "h1", 120);
    store::redeem_authorization_code(connection, "later", 120);
    CHECK(store::count_expired_authorization_codes(connection, 160) == 0);
    CHECK(store::count_expired_authorization_codes(connection, 161) == 3);
    CHECK(store::delete_expired_authorization_codes(connection, 161, 2) == 2);
    CHECK(store::delete_expired_authorization_codes(connection, 161, 100) == 1);
    CHECK(store::find_authorization_code(connection, "later")->redeemed_at == 120);
  });
}

TEST_CASE("deleting a client or a user takes its codes along") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_authorization_code(connection, code("h1"));
    store::delete_client(connection, "c1");
    CHECK_FALSE(store::find_authorization_code(connection, "h1").has_value());
  });
}

TEST_CASE("of 8 connections that rotate one refresh token, one is told that it did") {
  Populated database;
  for (int round = 0; round < 10; ++round) {
    const std::string id = "t" + std::to_string(round);
    database->write([&](db::Connection& connection) { store::insert_token(connection, refresh_token(id)); });
    REQUIRE(winners_of_8(database, [&](db::Connection& connection) {
              return store::rotate_refresh_token(connection, id, 120, "sealed");
            }) == 1);
  }
}

TEST_CASE("a rotated refresh token is inactive, is not listed as active, and keeps its sealed successor") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_token(connection, refresh_token("t1"));
    store::insert_token(connection, refresh_token("t2"));
    CHECK(store::rotate_refresh_token(connection, "t1", 120, "sealed"));
    const auto token = store::find_token(connection, "t1");
    CHECK_FALSE(token->is_active(121));
    CHECK(token->rotated_at == 120);
    CHECK(token->successor_sealed == "sealed");
    store::TokenFilter active;
    active.active_at = 121;
    CHECK(store::count_tokens(connection, active) == 1);
    CHECK(store::list_tokens(connection, active).front().id == "t2");
  });
}

TEST_CASE("a rotated personal token lives on until it expires") {
  store::Token made = refresh_token("t1");
  made.kind = "personal";
  made.rotated_at = 120;
  made.expires_at = 200;
  CHECK(made.is_active(199));
  CHECK_FALSE(made.is_active(200));
}

TEST_CASE("a token that is revoked, or is no refresh token, is not rotated") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_token(connection, refresh_token("t1"));
    store::revoke_token(connection, "t1", 110);
    CHECK_FALSE(store::rotate_refresh_token(connection, "t1", 120, "sealed"));
    store::Token access = refresh_token("t2");
    access.kind = "access";
    store::insert_token(connection, access);
    CHECK_FALSE(store::rotate_refresh_token(connection, "t2", 120, "sealed"));
  });
}

TEST_CASE("a refresh token is revoked with its family, an access token by itself") {
  Populated database;
  database->write([](db::Connection& connection) {
    for (const char* id : {"r", "a1", "a2"}) {
      store::Token made = refresh_token(id);
      if (id[0] == 'a') made.kind = "access";
      store::insert_token(connection, made);
    }
    CHECK(store::revoke_token_with_family(connection, *store::find_token(connection, "a1"), 200) == 1);
    CHECK(store::revoke_token_with_family(connection, *store::find_token(connection, "r"), 200) == 2);
    CHECK(store::revoke_token_with_family(connection, *store::find_token(connection, "r"), 200) == 0);
  });
}
