#include "core/protocol/rate_limit.h"

#include <doctest/doctest.h>

using namespace oauth2::protocol;

TEST_CASE("a key has so many a minute, then waits, and comes back evenly") {
  RateLimit limit(6);
  for (int i = 0; i < 6; ++i) {
    CHECK_FALSE(limit.wait("a", 0).has_value());
    limit.spend("a", 0);
  }
  CHECK(limit.wait("a", 0) == 10);
  CHECK(limit.wait("a", 9'000) == 1);
  CHECK_FALSE(limit.wait("a", 10'000).has_value());
  CHECK_FALSE(limit.wait("b", 0).has_value());
}

TEST_CASE("a limit of 0 is none") {
  RateLimit limit(0);
  for (int i = 0; i < 1000; ++i) limit.spend("a", 0);
  CHECK_FALSE(limit.wait("a", 0).has_value());
}

TEST_CASE("a flood of keys does not push out one that has nothing left") {
  RateLimit limit(4);
  for (int i = 0; i < 4; ++i) limit.spend("victim", 0);
  for (int i = 0; i < 250'000; ++i) limit.spend("flood-" + std::to_string(i), 0);
  CHECK(limit.wait("victim", 0).has_value());
}
