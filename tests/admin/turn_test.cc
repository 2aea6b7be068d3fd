#include "core/admin/turn.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/support.h"

using namespace oauth2;
using admin::Turn;

TEST_CASE("a chore is one instance's at a time, and done once in an interval") {
  TestDatabase database;
  auto mine = Turn::take(*database, "prune", 1000, 3600);
  REQUIRE(mine);
  CHECK_FALSE(Turn::take(*database, "prune", 1010, 3600));
  CHECK(Turn::take(*database, "other", 1010, 3600));
  CHECK(mine->keep(1020));
  CHECK_FALSE(Turn::take(*database, "prune", 1045, 3600));
  mine->finish(1050);
  CHECK_FALSE(Turn::take(*database, "prune", 1050 + 3600, 3600));
  CHECK(Turn::take(*database, "prune", 1050 + 3601, 3600));
}

TEST_CASE("the turn of an instance that died is another's, and it notices when it was only away") {
  TestDatabase database;
  auto gone = Turn::take(*database, "prune", 1000, 3600);
  REQUIRE(gone);
  auto heir = Turn::take(*database, "prune", 1031, 3600);
  REQUIRE(heir);
  CHECK_FALSE(gone->keep(1032));
  gone->finish(1032);  // has no effect
  CHECK(heir->keep(1050));
}

TEST_CASE("a turn that was given up can be taken at once, and one from a wrong clock is not believed") {
  TestDatabase database;
  Turn::take(*database, "prune", 1000, 3600)->give_up();
  CHECK(Turn::take(*database, "prune", 1001, 3600));
  auto future = Turn::take(*database, "clock", 4'000'000'000, 3600);
  REQUIRE(future);
  future->finish(4'000'000'000);
  CHECK(Turn::take(*database, "clock", 1000, 3600));
}

TEST_CASE("of many instances that ask at once, one gets the turn") {
  TestDatabase database(db::Options::Mode::server);
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> taken{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&] {
        if (Turn::take(*database, "chore-" + std::to_string(round), 1000, 60)) ++taken;
      });
    }
    for (auto& thread : threads) thread.join();
    REQUIRE(taken == 1);
  }
}
