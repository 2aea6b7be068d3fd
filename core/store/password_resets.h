#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/db/connection.h"

namespace oauth2::store {

// A link on which its user may set a password, once.
struct PasswordReset {
  std::string reset_hash;
  std::string user_id;
  std::int64_t created_at = 0;
  std::int64_t expires_at = 0;
  std::optional<std::int64_t> used_at;
};

void insert_password_reset(db::Connection& connection, const PasswordReset& reset);
// Expired and used ones too.
std::optional<PasswordReset> find_password_reset(db::Connection& connection, std::string_view reset_hash);
// False when it was used before, or has expired: of many at once, one is told that it won.
bool use_password_reset(db::Connection& connection, std::string_view reset_hash, std::int64_t now);
// The user's that nobody used; answers how many.
std::int64_t delete_unused_password_resets(db::Connection& connection, std::string_view user_id);

// Deletes at most `most` that expired before `before`; answers how many.
std::int64_t delete_expired_password_resets(db::Connection& connection, std::int64_t before,
                                            std::int64_t most);
std::int64_t count_expired_password_resets(db::Connection& connection, std::int64_t before);

}  // namespace oauth2::store
