#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/settings.h"

namespace oauth2::account {

// What a form offers as `expires_in`: of 7d, 30d, 90d, 1y and never those that account.token_max_lifetime
// allows (where it is shorter than all: itself), and `date` where a day ends in time.
std::vector<std::string> lifetime_choices(const Settings& settings, std::int64_t now);
// The last day of `expires_on` that is allowed, as YYYY-MM-DD; nullopt without a limit.
std::optional<std::string> last_expires_on(const Settings& settings, std::int64_t now);

// The seconds from now on that a form asks for; nullopt: never. A date means its last second in UTC. Throws
// FormError where that is none of them, or is over, or where a date is entered and something else chosen: one
// of both is a mistake, and nobody gets a token that ends later than they think. The limit is judged where
// the token is changed.
std::optional<std::int64_t> parse_lifetime(const Settings& settings, std::string_view expires_in,
                                           std::string_view expires_on, std::int64_t now);

// How long a form lets an old secret live on beside the new one: "" is not at all (nullopt), else one of the
// choices. Throws FormError.
const std::vector<std::string>& overlap_choices();
std::optional<std::int64_t> parse_overlap(std::string_view overlap);

}  // namespace oauth2::account
