#include "core/time.h"

#include <doctest/doctest.h>

#include <limits>
#include <utility>

using namespace oauth2;

TEST_CASE("the clock is the wall clock, whenever either clock begins a second") {
  for (const int phase : {0, 1, 300, 999}) {
    Forward forward;
    for (int passed = 0; passed < 2500; passed += 7) {
      const std::chrono::milliseconds wall(1'700'000'000'123 + passed);
      const std::chrono::milliseconds steady(5'000 + phase + passed);
      CHECK(forward.time(wall, steady) == wall);
    }
  }
}

TEST_CASE("the clock follows the wall clock ahead and never back") {
  using std::chrono::seconds;
  Forward forward;
  CHECK(forward.time(seconds(1000), seconds(10)) == seconds(1000));
  CHECK(forward.time(seconds(2001), seconds(11)) == seconds(2001));
  CHECK(forward.time(seconds(1002), seconds(12)) == seconds(2002));
  CHECK(forward.time(seconds(0), seconds(15)) == seconds(2005));
  CHECK(forward.time(seconds(2010), seconds(16)) == seconds(2010));
}

TEST_CASE("durations have one number and one unit") {
  CHECK(parse_duration("90s") == 90);
  CHECK(parse_duration("15m") == 900);
  CHECK(parse_duration("12h") == 43'200);
  CHECK(parse_duration("30d") == 2'592'000);
  CHECK(parse_duration("1y") == 31'536'000);
  for (const char* bad : {"", "s", "0s", "-1s", "1", "1.5h", "1h30m", " 1h", "1h ", "1H", "101y",
                          "99999999999999999999s", "never", "+1h"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_duration(bad).has_value());
  }
}

TEST_CASE("a duration is written in the shortest form that reads back the same") {
  for (const std::int64_t seconds : {1, 59, 60, 90, 3600, 5400, 86'400, 31'536'000}) {
    CHECK(parse_duration(format_duration(seconds)) == seconds);
  }
  CHECK(format_duration(3600) == "1h");
}

TEST_CASE("times are RFC 3339 or a duration ago") {
  CHECK(parse_time("1970-01-01T00:00:00Z", 0) == 0);
  CHECK(parse_time("2026-01-02T03:04:05Z", 0) == 1'767'323'045);
  CHECK(parse_time("2026-01-02T03:04:05.678+02:00", 0) == 1'767'323'045 - 7200);
  CHECK(parse_time("2026-01-02", 0) == 1'767'312'000);
  CHECK(parse_time("1h", 10'000) == 6400);
  for (const char* bad : {"2026-02-30", "2026-13-01", "2026-01-02T25:00:00Z", "2026-01-02T03:04:05",
                          "yesterday", "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05+0200", "2026/01/02"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_time(bad, 0).has_value());
  }
  CHECK(format_rfc3339(1'767'323'045) == "2026-01-02T03:04:05Z");
}

TEST_CASE("relative times name the largest unit that fits well, and the nearest of it") {
  constexpr std::int64_t minute = 60, hour = 60 * minute, day = 24 * hour, year = 365 * day;
  CHECK(format_relative(1000, 1002) == "just now");
  CHECK(format_relative(1000, 1060) == "1 minute ago");
  CHECK(format_relative(200'000, 1000) == "in 2 days");
  const std::pair<std::int64_t, const char*> cases[] = {
      {4, "just now"},
      {5, "in 5 seconds"},
      {59, "in 59 seconds"},
      {71, "in 1 minute"},
      {90, "in 90 seconds"},
      {110, "in 2 minutes"},
      {31 * minute, "in 31 minutes"},
      {hour - 37, "in 59 minutes"},
      {hour - 30, "in 1 hour"},
      {12 * hour - minute, "in 12 hours"},
      {11 * hour + 29 * minute, "in 11 hours"},
      {day - 1, "in 1 day"},
      {90 * minute, "in 90 minutes"},
      {28 * hour, "in 1 day"},
      {36 * hour, "in 36 hours"},
      {45 * hour, "in 2 days"},
      {45 * day, "in 45 days"},
      {29 * day, "in 29 days"},
      {30 * day - 1, "in 1 month"},
      {90 * day - 1, "in 3 months"},
      {year - 1, "in 1 year"},
      {5 * year - 1, "in 5 years"},
      {std::numeric_limits<std::int64_t>::max(), "in 292471208678 years"},
  };
  for (const auto& [distance, text] : cases) {
    CAPTURE(distance);
    CHECK(format_relative(distance, 0) == text);
  }
  CHECK(format_relative(0, 12 * hour - minute) == "12 hours ago");
}

TEST_CASE("a date is the midnight that begins it in UTC, and nothing else is a date") {
  CHECK(parse_date("1970-01-02") == 86'400);
  CHECK(parse_date("2028-02-29") == parse_time("2028-02-29T00:00:00Z", 0));
  for (const char* other :
       {"", "2027-02-29", "2026-1-2", "2026-01-02Z", "000000001d", "2026/01/02", " 2026-1-2"})
    CHECK_FALSE(parse_date(other).has_value());
}
