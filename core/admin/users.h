#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/admin/context.h"
#include "core/store/users.h"

// `ref` is the exact id, else the exact username (any case) or e-mail, else an id prefix of 6 characters or
// more.
namespace oauth2::admin {

struct UserFields {
  std::optional<std::string> username;
  std::optional<std::string> name;  // "" takes it away, here and for email
  std::optional<std::string> email;
  std::optional<bool> email_verified;
  std::optional<std::string> password;
};

struct UserResult {
  store::User user;
  bool changed = false;
};

UserResult create_user(const Context& context, const UserFields& fields,
                       IfExists if_exists);  // username is needed
UserResult update_user(const Context& context, std::string_view ref, const UserFields& fields);
UserResult set_password(const Context& context, std::string_view ref, std::string_view password);
UserResult enable_user(const Context& context, std::string_view ref);
UserResult disable_user(const Context& context, std::string_view ref);  // ends the sessions for good
UserResult delete_user(const Context& context, std::string_view ref);   // answers what it was

store::User require_user(const Context& context, std::string_view ref);
store::User require_user(db::Connection& connection, std::string_view ref);
std::vector<store::User> list_users(const Context& context);
store::UserBelongings count_user_belongings(const Context& context, std::string_view ref);

}  // namespace oauth2::admin
