#include "core/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace oauth2 {
namespace {

constexpr std::int64_t day = 86'400;
constexpr std::int64_t year = 365 * day;
constexpr std::array<std::pair<char, std::int64_t>, 6> units = {
    {{'y', year}, {'w', 7 * day}, {'d', day}, {'h', 3600}, {'m', 60}, {'s', 1}}};

std::optional<int> digits(std::string_view text, std::size_t start, std::size_t length) {
  if (text.size() < start + length) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(start, length)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// "Z", "+02:00" or "-05:30" in seconds east of UTC.
std::optional<std::int64_t> parse_offset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const auto hours = digits(text, 1, 2);
  const auto minutes = digits(text, 4, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::int64_t seconds = *hours * 3600 + *minutes * 60;
  return text[0] == '-' ? -seconds : seconds;
}

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  const auto y = digits(text, 0, 4);
  const auto m = digits(text, 5, 2);
  const auto d = digits(text, 8, 2);
  if (!y || !m || !d || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*y), std::chrono::month(static_cast<unsigned>(*m)),
                                         std::chrono::day(static_cast<unsigned>(*d))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t midnight = std::chrono::sys_days(date).time_since_epoch().count() * day;
  if (text.size() == 10) return midnight;
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = digits(text, 17, 2);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  if ((text[10] != 'T' && text[10] != 't' && text[10] != ' ') || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  std::string_view rest = text.substr(19);
  if (!rest.empty() && rest[0] == '.') {
    const auto end = rest.find_first_not_of("0123456789", 1);
    if (end == 1 || end == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(end);
  }
  const auto offset = parse_offset(rest);
  if (!offset) return std::nullopt;
  return midnight + *hour * 3600 + *minute * 60 + *second - *offset;
}

}  // namespace

std::chrono::nanoseconds Forward::time(std::chrono::nanoseconds wall, std::chrono::nanoseconds steady) {
  const std::int64_t ahead = (wall - steady).count();
  std::int64_t known = furthest_.load(std::memory_order_relaxed);
  while (known < ahead && !furthest_.compare_exchange_weak(known, ahead, std::memory_order_relaxed)) {
  }
  return steady + std::chrono::nanoseconds(std::max(known, ahead));
}

std::int64_t now_seconds() {
  static Forward forward;
  // The wall clock first: a pause between the two makes it seem less far ahead, which counts for nothing.
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  const auto steady = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::floor<std::chrono::seconds>(forward.time(wall, steady)).count();
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() - 1 || count <= 0) return std::nullopt;
  for (const auto& [letter, seconds] : units) {
    if (*end == letter && count <= 100 * year / seconds) return count * seconds;
  }
  return std::nullopt;
}

std::optional<std::int64_t> parse_time(std::string_view text, std::int64_t now) {
  if (const auto ago = parse_duration(text)) return now - *ago;
  return parse_rfc3339(text);
}

std::optional<std::int64_t> parse_date(std::string_view text) {
  return text.size() == 10 ? parse_rfc3339(text) : std::nullopt;
}

std::string format_rfc3339(std::int64_t at) {
  const std::chrono::sys_seconds point{std::chrono::seconds(at)};
  const auto days = std::chrono::floor<std::chrono::days>(point);
  const std::chrono::year_month_day date{days};
  const std::chrono::hh_mm_ss clock{point - days};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string format_duration(std::int64_t seconds) {
  for (const auto& [letter, unit] : units) {
    if (letter != 'w' && seconds % unit == 0) return fmt::format("{}{}", seconds / unit, letter);
  }
  return fmt::format("{}s", seconds);
}

std::string format_relative(std::int64_t at, std::int64_t now) {
  static constexpr std::array<std::pair<const char*, std::int64_t>, 6> names = {
      {{"year", year}, {"month", 30 * day}, {"day", day}, {"hour", 3600}, {"minute", 60}, {"second", 1}}};
  const std::int64_t distance = at > now ? at - now : now - at;
  if (distance < 5) return "just now";
  for (const auto& [name, unit] : names) {
    if (distance < unit - unit / 100) continue;
    const std::int64_t above = distance % unit;
    const std::int64_t count = distance / unit + (above * 2 >= unit ? 1 : 0);
    // One or two of a unit only where that is nearly so: 90 minutes are neither one hour nor two.
    if (count < 3 && std::min(above, unit - above) > distance / 5) continue;
    const std::string amount = fmt::format("{} {}{}", count, name, count == 1 ? "" : "s");
    return at > now ? "in " + amount : amount + " ago";
  }
  return "just now";
}

}  // namespace oauth2
