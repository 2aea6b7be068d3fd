#include "core/account/lifetime.h"

#include <algorithm>

#include "core/account/form.h"
#include "core/time.h"

namespace oauth2::account {
namespace {

constexpr std::int64_t day = 86'400;
constexpr std::int64_t furthest = 100 * 365 * day;  // as parse_duration has it
constexpr std::string_view lengths[] = {"7d", "30d", "90d", "1y"};

std::int64_t parse_expires_on(std::string_view expires_on, std::int64_t now) {
  const auto midnight = parse_date(expires_on);
  if (!midnight) throw FormError("expires_on", "account_expires_on_malformed");
  const std::int64_t seconds = *midnight + day - 1 - now;
  if (seconds <= 0) throw FormError("expires_on", "account_expires_on_past");
  if (seconds > furthest) throw FormError("expires_on", "account_expires_on_too_far");
  return seconds;
}

// The lengths that fit the limit; else the limit.
std::vector<std::string> length_choices(const Settings& settings) {
  const auto& most = settings.account_token_max_lifetime;
  std::vector<std::string> choices;
  for (const std::string_view length : lengths) {
    if (!most || *parse_duration(length) <= *most) choices.emplace_back(length);
  }
  if (choices.empty()) choices.push_back(format_duration(*most));
  return choices;
}

}  // namespace

std::vector<std::string> lifetime_choices(const Settings& settings, std::int64_t now) {
  std::vector<std::string> choices = length_choices(settings);
  const auto last = last_expires_on(settings, now);
  if (!last || *parse_date(*last) + day - 1 > now) choices.emplace_back("date");
  if (!settings.account_token_max_lifetime) choices.emplace_back("never");
  return choices;
}

std::optional<std::string> last_expires_on(const Settings& settings, std::int64_t now) {
  if (!settings.account_token_max_lifetime) return std::nullopt;
  // The day after the last one begins one second after its end.
  const std::int64_t end = now + *settings.account_token_max_lifetime + 1;
  return format_rfc3339(end - day).substr(0, 10);
}

std::optional<std::int64_t> parse_lifetime(const Settings& settings, std::string_view expires_in,
                                           std::string_view expires_on, std::int64_t now) {
  if (expires_in == "date") return parse_expires_on(expires_on, now);
  if (!expires_on.empty()) throw FormError("expires_on", "account_expires_on_not_chosen");
  if (expires_in == "never") return std::nullopt;
  const auto offered = length_choices(settings);
  const bool is_known = std::find(std::begin(lengths), std::end(lengths), expires_in) != std::end(lengths) ||
                        std::find(offered.begin(), offered.end(), expires_in) != offered.end();
  if (!is_known) throw FormError("expires_in", "account_expires_in_unknown");
  return parse_duration(expires_in);
}

const std::vector<std::string>& overlap_choices() {
  static const std::vector<std::string> choices = {"1h", "1d", "7d"};
  return choices;
}

std::optional<std::int64_t> parse_overlap(std::string_view overlap) {
  if (overlap.empty()) return std::nullopt;
  const auto& choices = overlap_choices();
  if (std::find(choices.begin(), choices.end(), overlap) == choices.end())
    throw FormError("overlap", "account_overlap_unknown");
  return parse_duration(overlap);
}

}  // namespace oauth2::account
