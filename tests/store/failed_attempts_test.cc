#include "core/store/failed_attempts.h"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

#include "tests/support.h"

using namespace oauth2;

namespace {

constexpr store::FailureCosts costs = {5, 900, 900};

struct Counted : TestDatabase {
  store::FailedAttempts fail(std::int64_t now, const store::FailureCosts& what = costs) {
    return (*this)->write(
        [&](db::Connection& connection) { return store::count_failed_attempt(connection, "s", now, what); });
  }
  std::optional<store::FailedAttempts> find(std::int64_t now) {
    return (*this)->read(
        [&](db::Connection& connection) { return store::find_failed_attempts(connection, "s", now); });
  }
};

}  // namespace

TEST_CASE("the first five failures cost nothing, then each blocks twice as long, up to the longest block") {
  Counted database;
  std::vector<std::int64_t> blocks;
  std::int64_t now = 1000;
  for (int i = 0; i < 20; ++i) {
    const auto attempts = database.fail(now);
    CHECK(attempts.failures == i + 1);
    CHECK(attempts.first_at == 1000);
    blocks.push_back(attempts.blocked_until == 0 ? 0 : attempts.blocked_until - now);
    now = std::max(now, attempts.blocked_until);
  }
  CHECK(blocks == std::vector<std::int64_t>{0,  0,  0,   0,   0,   1,   2,   4,   8,   16,
                                            32, 64, 128, 256, 512, 900, 900, 900, 900, 900});
}

TEST_CASE("a thousand failures block no longer than the longest block") {
  Counted database;
  for (int i = 0; i < 1000; ++i) database.fail(1000);
  CHECK(database.find(1000)->blocked_until == 1900);
}

TEST_CASE("failures count from the first of them for as long as the window, and then no more") {
  Counted database;
  for (int i = 0; i < 5; ++i) database.fail(1000 + i);
  CHECK(database.find(1899)->failures == 5);
  CHECK_FALSE(database.find(1900).has_value());
  const auto anew = database.fail(1900);
  CHECK(anew.failures == 1);
  CHECK(anew.first_at == 1900);
  CHECK(anew.blocked_until == 0);
  CHECK(anew.expires_at == 2800);
}

TEST_CASE("whoever was blocked is not free again as soon as the block is over") {
  Counted database;
  std::int64_t now = 1000;
  for (int i = 0; i < 16; ++i) now = std::max(now, database.fail(now).blocked_until);
  const auto next = database.fail(now);
  CHECK(next.failures == 17);
  CHECK(next.blocked_until == now + 900);
}

TEST_CASE("a count that is deleted starts anew, and pruning takes those that expired before the date") {
  Counted database;
  database.fail(1000);
  database->write([](db::Connection& connection) {
    CHECK(store::delete_failed_attempts(connection, "s"));
    CHECK_FALSE(store::delete_failed_attempts(connection, "s"));
    for (const char* subject : {"a", "b", "c"}) store::count_failed_attempt(connection, subject, 1000, costs);
    store::count_failed_attempt(connection, "later", 2000, costs);
    CHECK(store::count_expired_failed_attempts(connection, 1900) == 0);
    CHECK(store::count_expired_failed_attempts(connection, 1901) == 3);
    CHECK(store::delete_expired_failed_attempts(connection, 1901, 2) == 2);
    CHECK(store::delete_expired_failed_attempts(connection, 1901, 100) == 1);
    CHECK(store::find_failed_attempts(connection, "later", 2001).has_value());
  });
}

TEST_CASE("8 connections that count failures of one subject lose none") {
  Counted database;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      db::Database own(database.url(), patient());
      for (int n = 0; n < 10; ++n) {
        own.write([](db::Connection& c) { store::count_failed_attempt(c, "s", 1000, costs); });
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(database.find(1000)->failures == 80);
}
