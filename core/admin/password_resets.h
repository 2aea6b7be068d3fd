#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/admin/context.h"
#include "core/store/users.h"

// Links on which a user sets a password, once: for the first sign-in, or when it is forgotten.
namespace oauth2::admin {

struct ResetLink {
  std::string url;  // ISSUER/reset?token=…: whoever has it may set the password
  std::int64_t expires_at = 0;
  store::User user;
};
// Earlier links of the user are withdrawn. While the user is disabled, no link works.
ResetLink create_reset_link(const Context& context, std::string_view user_ref, std::int64_t expires_in);

// Whose password the token of a link may set now; nullopt when it is unknown, used, withdrawn or expired, or
// its user is disabled.
std::optional<store::User> find_reset(db::Connection& connection, const Context& context,
                                      std::string_view token);
std::optional<store::User> find_reset(const Context& context, std::string_view token);

// Sets the password as set_password does, and uses the link up; answers whose it is. Nullopt, and nothing has
// changed, where find_reset answers that. Refused for a password that people may not have; the link is good
// for another try then. Of many at once, one wins. `password_hash_of` answers hash_of_password of the new
// password, and is asked only where the link is good.
std::optional<store::User> use_reset_link(const Context& context, std::string_view token,
                                          const std::function<std::string()>& password_hash_of);

}  // namespace oauth2::admin
