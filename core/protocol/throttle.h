#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/connection.h"
#include "core/protocol/context.h"

namespace oauth2::protocol {

// One who asks, by address: an IPv4 address, or the /64 of an IPv6 one, all of which is one's own.
std::string place_of(const std::string& address);

// Guesses at what people choose or type, counted in the database and so across instances: the first five
// failures within 15 minutes cost nothing, then each blocks, 1 s doubling to 15 min. A subject is what is
// guessed at or where from; of several each is counted, and the longest block counts.
using Subjects = std::vector<std::string>;

// `kind`: account, name, address, device …; `what` may be anything.
std::string throttle_subject(std::string_view kind, std::string_view what);

// The subject and where the request comes from: an IPv4 address, the /64 of an IPv6 one; on a unix socket
// that is unknown and not counted.
Subjects with_address(const Context& context, const std::string& subject);

// Throws Error(too_many_requests) with the seconds to wait while one of the subjects is blocked. `reason` is
// for the log.
void require_not_blocked(db::Connection& connection, const Context& context, const Subjects& subjects,
                         const char* reason);

// Counts a failure of each; answers the seconds to wait where that blocks one. In a transaction that writes.
std::optional<std::int64_t> count_failure(db::Connection& connection, const Context& context,
                                          const Subjects& subjects);

// The subject has proved to be in the right: its count starts anew.
void forget_failures(const Context& context, const std::string& subject);

}  // namespace oauth2::protocol
