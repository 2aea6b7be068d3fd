#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace oauth2 {

// A wall clock that is never set back: it goes on by the steady one from the furthest that the two were
// apart. Not in whole seconds, which the two begin at different moments: it would be up to one ahead.
class Forward {
 public:
  std::chrono::nanoseconds time(std::chrono::nanoseconds wall, std::chrono::nanoseconds steady);

 private:
  std::atomic<std::int64_t> furthest_{std::numeric_limits<std::int64_t>::min()};
};

// Seconds since 1970. Never goes back while the process runs: after the system's clock was set back, it goes
// on from the latest time seen, so that nothing that has expired revives.
std::int64_t now_seconds();

// "90s", "15m", "12h", "30d", "1y" in seconds; nullopt for anything else, zero and what exceeds 100 years.
std::optional<std::int64_t> parse_duration(std::string_view text);

// RFC 3339 ("2026-01-02T03:04:05Z", an offset, or a date alone: its midnight in UTC) or a duration ago.
std::optional<std::int64_t> parse_time(std::string_view text, std::int64_t now);

// "2026-01-02": its midnight in UTC.
std::optional<std::int64_t> parse_date(std::string_view text);

std::string format_rfc3339(std::int64_t at);

// The shortest form that parse_duration reads back: 3600 is "1h".
std::string format_duration(std::int64_t seconds);

// "3 days ago", "in 2 hours", "just now".
std::string format_relative(std::int64_t at, std::int64_t now);

}  // namespace oauth2
