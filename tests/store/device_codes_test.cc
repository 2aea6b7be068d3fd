#include "core/store/device_codes.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "core/store/clients.h"
#include "core/store/users.h"
#include "tests/support.h"

using namespace oauth2;

namespace {

// A database with the users u1 and u2 and the clients c1 and c2.
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
        client.token_endpoint_auth_method = "none";
        store::insert_client(connection, client);
      }
    });
  }
};

store::DeviceCode code(const std::string& hash, const std::string& client = "c1") {
  store::DeviceCode made;
  made.device_code_hash = hash;
  made.user_code = "USER" + hash;
  made.client_id = client;
  made.scope = "a b";
  made.interval_seconds = 5;
  made.created_at = 100;
  made.expires_at = 700;
  return made;
}

}  // namespace

TEST_CASE("a device code comes back by either code, undecided and never polled") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_device_code(connection, code("h1"));
    store::DeviceCode other = code("h2");
    other.audience = "https://api.example";
    store::insert_device_code(connection, other);
    const auto found = store::find_device_code(connection, "h1");
    REQUIRE(found);
    CHECK(found->user_code == "USERh1");
    CHECK(found->client_id == "c1");
    CHECK(found->scope == "a b");
    CHECK(found->interval_seconds == 5);
    CHECK(found->expires_at == 700);
    CHECK_FALSE((found->user_id || found->audience || found->last_poll_at || found->approved_at ||
                 found->denied_at || found->redeemed_at || found->user_disabled));
    CHECK(found->is_undecided(699));
    CHECK_FALSE(found->is_undecided(700));
    const auto by_user_code = store::find_device_code_by_user_code(connection, "USERh2");
    CHECK(by_user_code->device_code_hash == "h2");
    CHECK(by_user_code->audience == "https://api.example");
    CHECK_FALSE(store::find_device_code(connection, "USERh1").has_value());
    CHECK_FALSE(store::find_device_code_by_user_code(connection, "h1").has_value());
  });
}

TEST_CASE("a user code that another device has is a conflict") {
  Populated database;
  const auto insert = [&](const store::DeviceCode& made) {
    database->write([&](db::Connection& connection) { store::insert_device_code(connection, made); });
  };
  insert(code("h1"));
  store::DeviceCode same = code("h2");
  same.user_code = "USERh1";
  CHECK_THROWS_AS(insert(same), db::Conflict);
}

TEST_CASE("a device code is decided once, and only before it expires") {
  Populated database;
  database->write([](db::Connection& connection) {
    for (const char* hash : {"h1", "h2", "h3"}) store::insert_device_code(connection, code(hash));
    CHECK(store::approve_device_code(connection, "h1", "u1", 200));
    CHECK_FALSE(store::approve_device_code(connection, "h1", "u2", 201));
    CHECK_FALSE(store::deny_device_code(connection, "h1", "u1", 201));
    CHECK(store::deny_device_code(connection, "h2", "u1", 200));
    CHECK_FALSE(store::deny_device_code(connection, "h2", "u1", 201));
    CHECK_FALSE(store::approve_device_code(connection, "h2", "u1", 201));
    CHECK_FALSE(store::approve_device_code(connection, "h3", "u1", 700));
    CHECK_FALSE(store::deny_device_code(connection, "h3", "u1", 700));
    const auto approved = store::find_device_code(connection, "h1");
    CHECK(approved->user_id == "u1");
    CHECK(approved->approved_at == 200);
    CHECK_FALSE(approved->is_undecided(201));
    CHECK(store::find_device_code(connection, "h2")->denied_at == 200);
    CHECK(store::find_device_code(connection, "h2")->user_id == "u1");
    CHECK(store::delete_unredeemed_device_codes(connection, "u1") == 1);
    CHECK(store::find_device_code(connection, "h2").has_value());
    CHECK_FALSE(store::find_device_code(connection, "h3")->approved_at.has_value());
  });
}

TEST_CASE("a poll is noted when the interval has passed, and slowing down lengthens the interval for good") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_device_code(connection, code("h1"));
    CHECK(store::note_device_poll(connection, "h1", 100));
    CHECK_FALSE(store::note_device_poll(connection, "h1", 104));
    CHECK(store::note_device_poll(connection, "h1", 105));
    store::slow_device_polls(connection, "h1", 107, 5);
    CHECK_FALSE(store::note_device_poll(connection, "h1", 116));
    CHECK(store::note_device_poll(connection, "h1", 117));
    CHECK_FALSE(store::note_device_poll(connection, "h1", 126));
    CHECK(store::find_device_code(connection, "h1")->interval_seconds == 10);
    CHECK(store::find_device_code(connection, "h1")->last_poll_at == 117);
  });
}

TEST_CASE(
    "a device code is redeemed only when it is approved, and of 8 connections one is told that it did") {
  Populated database;
  for (int round = 0; round < 10; ++round) {
    const std::string hash = "h" + std::to_string(round);
    database->write([&](db::Connection& connection) {
      store::insert_device_code(connection, code(hash));
      CHECK_FALSE(store::redeem_device_code(connection, hash, 150));
      store::approve_device_code(connection, hash, "u1", 200);
    });
    std::atomic<int> won{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        db::Database own(database.url(), patient());
        if (own.write([&](db::Connection& c) { return store::redeem_device_code(c, hash, 210); })) ++won;
      });
    }
    for (auto& thread : threads) thread.join();
    REQUIRE(won == 1);
  }
}

TEST_CASE("a user's approved device codes go by client or all, but not those that were redeemed or wait") {
  Populated database;
  database->write([](db::Connection& connection) {
    for (const char* hash : {"h1", "h2", "h3", "h4"}) store::insert_device_code(connection, code(hash));
    store::insert_device_code(connection, code("h5", "c2"));
    for (const char* hash : {"h1", "h2", "h5"}) store::approve_device_code(connection, hash, "u1", 200);
    store::approve_device_code(connection, "h3", "u2", 200);
    store::redeem_device_code(connection, "h2", 210);
    CHECK(store::delete_unredeemed_device_codes(connection, "u1", "c1") == 1);
    CHECK(store::delete_unredeemed_device_codes(connection, "u1") == 1);
    CHECK_FALSE(store::find_device_code(connection, "h1").has_value());
    CHECK_FALSE(store::find_device_code(connection, "h5").has_value());
    for (const char* hash : {"h2", "h3", "h4"}) CHECK(store::find_device_code(connection, hash).has_value());
  });
}

TEST_CASE("a device code says whether who approved it is disabled now") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_device_code(connection, code("h1"));
    store::approve_device_code(connection, "h1", "u1", 200);
    CHECK_FALSE(store::find_device_code(connection, "h1")->user_disabled);
    store::User user = *store::find_user(connection, "u1");
    user.disabled_at = 210;
    store::update_user(connection, user);
    CHECK(store::find_device_code(connection, "h1")->user_disabled);
    store::delete_user(connection, "u1");
    CHECK_FALSE(store::find_device_code(connection, "h1").has_value());
  });
}

TEST_CASE("pruning takes device codes that expired before the date, and no others") {
  Populated database;
  database->write([](db::Connection& connection) {
    for (const char* hash : {"h1", "h2", "h3"}) store::insert_device_code(connection, code(hash));
    store::DeviceCode later = code("later");
    later.expires_at = 1000;
    store::insert_device_code(connection, later);
    CHECK(store::count_expired_device_codes(connection, 700) == 0);
    CHECK(store::count_expired_device_codes(connection, 701) == 3);
    CHECK(store::delete_expired_device_codes(connection, 701, 2) == 2);
    CHECK(store::delete_expired_device_codes(connection, 701, 100) == 1);
    CHECK(store::find_device_code(connection, "later").has_value());
  });
}
