#include "core/account/lifetime.h"

#include <doctest/doctest.h>

#include "core/time.h"
#include "tests/account/own_fixture.h"

using namespace oauth2;

namespace {

constexpr std::int64_t day = 86'400;
const std::int64_t noon = *parse_date("2026-03-01") + day / 2;

std::string asked(const Settings& settings, std::string_view expires_in, std::string_view expires_on = "") {
  std::optional<std::int64_t> seconds;
  const std::string refusal =
      refusal_of([&] { seconds = account::parse_lifetime(settings, expires_in, expires_on, noon); });
  if (!refusal.empty()) return refusal;
  return seconds ? std::to_string(*seconds) : "never";
}

}  // namespace

TEST_CASE("a form asks for 7, 30 or 90 days, a year, for ever, or until the end of a day") {
  struct Case {
    const char* expires_in;
    const char* expires_on;
    std::string result;
  };
  const Case cases[] = {
      {"7d", "", std::to_string(7 * day)},
      {"30d", "", std::to_string(30 * day)},
      {"90d", "", std::to_string(90 * day)},
      {"1y", "", std::to_string(365 * day)},
      {"never", "", "never"},
      {"7d", "2026-03-05", "expires_on account_expires_on_not_chosen"},
      {"never", "2026-03-05", "expires_on account_expires_on_not_chosen"},
      {"never", "soon", "expires_on account_expires_on_not_chosen"},
      {"date", "2026-03-01", std::to_string(day / 2 - 1)},
      {"date", "2026-03-02", std::to_string(day + day / 2 - 1)},
      {"date", "2028-02-29", std::to_string(*parse_date("2028-02-29") + day - 1 - noon)},
      {"date", "2026-02-28", "expires_on account_expires_on_past"},
      {"date", "1970-01-01", "expires_on account_expires_on_past"},
      {"date", "2126-03-01", "expires_on account_expires_on_too_far"},
      {"date", "9999-12-31", "expires_on account_expires_on_too_far"},
      {"date", "", "expires_on account_expires_on_malformed"},
      {"date", "2027-02-29", "expires_on account_expires_on_malformed"},
      {"date", "2027-13-01", "expires_on account_expires_on_malformed"},
      {"date", "2027-1-1", "expires_on account_expires_on_malformed"},
      {"date", "01/02/2027", "expires_on account_expires_on_malformed"},
      {"date", "2027-01-01T00:00:00Z", "expires_on account_expires_on_malformed"},
      {"date", "000000001d", "expires_on account_expires_on_malformed"},
      {"date", "tomorrow", "expires_on account_expires_on_malformed"},
      {"", "", "expires_in account_expires_in_unknown"},
      {"8d", "", "expires_in account_expires_in_unknown"},
      {"2y", "", "expires_in account_expires_in_unknown"},
      {"-7d", "", "expires_in account_expires_in_unknown"},
      {"Never", "", "expires_in account_expires_in_unknown"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.expires_in);
    CAPTURE(each.expires_on);
    CHECK(asked({}, each.expires_in, each.expires_on) == each.result);
  }
}

TEST_CASE("a day that is chosen is the day on which the token ends") {
  const auto seconds = account::parse_lifetime({}, "date", "2026-03-01", noon);
  CHECK(format_rfc3339(noon + *seconds) == "2026-03-01T23:59:59Z");
}

TEST_CASE("lifetimes beyond the limit are not offered") {
  using List = std::vector<std::string>;
  Settings settings;
  CHECK(account::lifetime_choices(settings, noon) == List{"7d", "30d", "90d", "1y", "date", "never"});
  CHECK_FALSE(account::last_expires_on(settings, noon));
  settings.account_token_max_lifetime = 90 * day;
  CHECK(account::lifetime_choices(settings, noon) == List{"7d", "30d", "90d", "date"});
  settings.account_token_max_lifetime = 90 * day - 1;
  CHECK(account::lifetime_choices(settings, noon) == List{"7d", "30d", "date"});
  settings.account_token_max_lifetime = day;
  CHECK(account::lifetime_choices(settings, noon) == List{"1d", "date"});
  CHECK(asked(settings, "1d") == std::to_string(day));
  settings.account_token_max_lifetime = 3600;
  CHECK(account::lifetime_choices(settings, noon) == List{"1h"});
  CHECK(asked(settings, "1h") == "3600");
  CHECK(asked(settings, "2h") == "expires_in account_expires_in_unknown");
}

TEST_CASE("the last day that is offered ends within the limit, and the next one does not") {
  Settings settings;
  for (const std::int64_t limit : {day / 2 - 1, day / 2, day, 90 * day, 90 * day + day / 2 - 1}) {
    CAPTURE(limit);
    settings.account_token_max_lifetime = limit;
    const std::int64_t end = *parse_date(*account::last_expires_on(settings, noon)) + day - 1;
    CHECK(end <= noon + limit);
    CHECK(end + day > noon + limit);
  }
}

TEST_CASE("an old secret lives on for one of the offered times, or not at all") {
  CHECK_FALSE(account::parse_overlap(""));
  for (const std::string& choice : account::overlap_choices())
    CHECK(account::parse_overlap(choice) == parse_duration(choice));
  for (const char* other : {"2h", "100y", "0", "-1h", "none"})
    CHECK(refusal_of([&] { account::parse_overlap(other); }) == "overlap account_overlap_unknown");
}
