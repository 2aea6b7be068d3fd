#include "server/shown_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>

#include "core/time.h"

namespace oauth2::server {
namespace {

constexpr std::int64_t minute = 60;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr std::int64_t year = 365 * day;

struct Unit {
  char letter;  // as durations have it
  std::int64_t seconds;
  std::string_view one;
  std::string_view many;
};
constexpr Unit units[] = {
    {'y', year, "duration_year", "duration_years"}, {'w', 7 * day, "duration_week", "duration_weeks"},
    {'d', day, "duration_day", "duration_days"},    {'h', hour, "duration_hour", "duration_hours"},
    {'m', minute, "wait_minute", "wait_minutes"},   {'s', 1, "wait_second", "wait_seconds"}};

std::string shown_count(const Visit& visit, const Unit& unit, std::string_view count) {
  return count == "1" ? visit.text(unit.one) : visit.text(unit.many, {{"count", count}});
}

void set(View& view, const std::string& name, std::string shown, std::int64_t at) {
  view.set(name + "_at", std::move(shown));
  view.set(name + "_datetime", format_rfc3339(at));
}

}  // namespace

std::string shown_date(const Visit& visit, std::int64_t at) {
  const std::chrono::sys_seconds time{std::chrono::seconds(at)};
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  const auto number = static_cast<unsigned>(date.day());
  const std::string month = visit.text(fmt::format("month_{}", static_cast<unsigned>(date.month())));
  return visit.text(
      number == 1 ? "date_first" : "date",
      {{"day", fmt::format("{}", number)}, {"month", month}, {"year", fmt::format("{}", int(date.year()))}});
}

std::string shown_time_ago(const Visit& visit, std::int64_t at) {
  const std::int64_t ago = visit.context.now - at;
  if (ago < 0 || ago >= 7 * day) return shown_date(visit, at);
  if (ago < minute) return visit.text("time_now");
  const auto text = [&](std::string_view one, std::string_view many, std::int64_t unit) {
    const std::int64_t count = ago / unit;
    return count == 1 ? visit.text(one) : visit.text(many, {{"count", fmt::format("{}", count)}});
  };
  if (ago < hour) return text("time_minute", "time_minutes", minute);
  return ago < day ? text("time_hour", "time_hours", hour) : text("time_day", "time_days", day);
}

std::string shown_duration(const Visit& visit, std::string_view duration) {
  for (const Unit& unit : units) {
    if (duration.ends_with(unit.letter))
      return shown_count(visit, unit, duration.substr(0, duration.size() - 1));
  }
  return std::string(duration);
}

std::string shown_time_left(const Visit& visit, std::int64_t at) {
  const std::int64_t left = std::max<std::int64_t>(at - visit.context.now, 0);
  const Unit* fitting = &units[std::size(units) - 1];
  for (const Unit& unit : units) {
    // "in 400 days" rather than "in 1 year", which would hide a month; weeks are for nobody.
    const std::int64_t least = unit.letter == 'y' ? 2 * year : unit.seconds;
    if (unit.letter == 'w' || left < least) continue;
    fitting = &unit;
    break;
  }
  const std::int64_t count = (left + fitting->seconds / 2) / fitting->seconds;
  return visit.text("time_left", {{"duration", shown_count(visit, *fitting, fmt::format("{}", count))}});
}

void set_date(const Visit& visit, View& view, const std::string& name, std::int64_t at) {
  set(view, name, shown_date(visit, at), at);
}

void set_time_ago(const Visit& visit, View& view, const std::string& name, std::int64_t at) {
  set(view, name, shown_time_ago(visit, at), at);
}

}  // namespace oauth2::server
