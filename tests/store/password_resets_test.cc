#include "core/store/password_resets.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "core/store/users.h"
#include "tests/support.h"

using namespace oauth2;

namespace {

struct Populated : TestDatabase {
  Populated() {
    (*this)->write([](db::Connection& connection) {
      for (const char* id : {"u1", "u2"}) {
        store::User user;
        user.id = user.username = id;
        store::insert_user(connection, user);
      }
    });
  }

  void insert(const std::string& hash, const std::string& user = "u1", std::int64_t expires_at = 200) {
    (*this)->write([&](db::Connection& connection) {
      store::insert_password_reset(connection, {hash, user, 100, expires_at, std::nullopt});
    });
  }
};

}  // namespace

TEST_CASE("a reset comes back as it went in, and goes with its user") {
  Populated database;
  database.insert("h1");
  database->write([](db::Connection& connection) {
    const auto found = store::find_password_reset(connection, "h1");
    REQUIRE(found);
    CHECK(found->user_id == "u1");
    CHECK(found->created_at == 100);
    CHECK(found->expires_at == 200);
    CHECK_FALSE(found->used_at.has_value());
    CHECK_FALSE(store::find_password_reset(connection, "h2").has_value());
    store::delete_user(connection, "u1");
    CHECK_FALSE(store::find_password_reset(connection, "h1").has_value());
  });
}

TEST_CASE("of 8 connections that use one reset, one is told that it did; an expired one nobody uses") {
  Populated database;
  database.insert("h1");
  database.insert("h2");
  std::atomic<int> won{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      db::Database own(database.url(), patient());
      if (own.write([](db::Connection& c) { return store::use_password_reset(c, "h1", 150); })) ++won;
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(won == 1);
  database->write([](db::Connection& connection) {
    CHECK_FALSE(store::use_password_reset(connection, "h2", 200));
    CHECK(store::use_password_reset(connection, "h2", 199));
    CHECK(store::find_password_reset(connection, "h1")->used_at == 150);
  });
}

TEST_CASE("withdrawing takes a user's unused resets, and no other's") {
  Populated database;
  for (const char* hash : {"h1", "h2", "h3"}) database.insert(hash);
  database.insert("other", "u2");
  database->write([](db::Connection& connection) {
    store::use_password_reset(connection, "h3", 150);
    CHECK(store::delete_unused_password_resets(connection, "u1") == 2);
    CHECK(store::find_password_reset(connection, "h3").has_value());
    CHECK(store::find_password_reset(connection, "other").has_value());
  });
}

TEST_CASE("pruning takes resets that expired before the date, and no others") {
  Populated database;
  for (const char* hash : {"h1", "h2", "h3"}) database.insert(hash);
  database.insert("later", "u1", 1000);
  database->write([](db::Connection& connection) {
    CHECK(store::count_expired_password_resets(connection, 200) == 0);
    CHECK(store::count_expired_password_resets(connection, 201) == 3);
    CHECK(store::delete_expired_password_resets(connection, 201, 2) == 2);
    CHECK(store::delete_expired_password_resets(connection, 201, 100) == 1);
    CHECK(store::find_password_reset(connection, "later").has_value());
  });
}
