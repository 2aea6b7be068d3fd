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
// The transaction's part of it, for a user without a password.
store::User insert_user(db::Connection& connection, const Context& context, const UserFields& fields);
// Whether username, name and e-mail may be so: Refused, with the field's Problem.
void judge_profile(const UserFields& fields);
UserResult update_user(const Context& context, std::string_view ref, const UserFields& fields);
// Whatever sets a password, in the same transaction, ends what the one before had opened: all sessions but
// `keep_session_id`, refresh tokens, codes that wait to be redeemed, and unused reset links. It hashes: on
// the server, on a thread of the PasswordWorkers.
UserResult set_password(const Context& context, std::string_view ref, std::string_view password,
                        const std::optional<std::string>& keep_session_id = std::nullopt);
UserResult enable_user(const Context& context, std::string_view ref);
UserResult disable_user(const Context& context, std::string_view ref);  // ends the sessions for good
UserResult delete_user(const Context& context, std::string_view ref);   // answers what it was

// The hash of a password that people may have. Refused otherwise.
std::string hash_of_password(std::string_view password);
// The transaction's part of set_password. `action`: what the audit log calls it.
UserResult store_password(db::Connection& connection, const Context& context, const store::User& user,
                          const std::string& password_hash, std::string_view action,
                          const std::optional<std::string>& keep_session_id = std::nullopt);

store::User require_user(const Context& context, std::string_view ref);
// `is_id`: the exact id and nothing else.
store::User require_user(db::Connection& connection, std::string_view ref, bool is_id = false);
std::vector<store::User> list_users(const Context& context);
store::UserBelongings count_user_belongings(const Context& context, std::string_view ref);

}  // namespace oauth2::admin
