#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/db/connection.h"

namespace oauth2::store {

// How often somebody guessed wrong at one thing, or from one place.
struct FailedAttempts {
  std::int64_t failures = 0;  // since the first of them
  std::int64_t first_at = 0;
  std::int64_t blocked_until = 0;
  std::int64_t expires_at = 0;  // nothing counts any more from then on
};

// What a failure costs.
struct FailureCosts {
  std::int64_t free = 0;            // so many cost nothing
  std::int64_t window_seconds = 0;  // in which they are counted, from the first on
  std::int64_t most_seconds = 0;    // the longest block; the first one is a second, each next twice as long
};

// Counts one more failure and blocks where it is due, in one statement; answers what it came to. A block ends
// long before the count does, so that guessing on once a block is over is not cheap again.
FailedAttempts count_failed_attempt(db::Connection& connection, std::string_view subject_hash,
                                    std::int64_t now, const FailureCosts& costs);

// Absent as well when nothing counts any more.
std::optional<FailedAttempts> find_failed_attempts(db::Connection& connection, std::string_view subject_hash,
                                                   std::int64_t now);
bool delete_failed_attempts(db::Connection& connection, std::string_view subject_hash);  // false: none

// Deletes at most `most` counts that expired before `before`; answers how many.
std::int64_t delete_expired_failed_attempts(db::Connection& connection, std::int64_t before,
                                            std::int64_t most);
std::int64_t count_expired_failed_attempts(db::Connection& connection, std::int64_t before);

}  // namespace oauth2::store
