#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/connection.h"

namespace oauth2::store {

struct User {
  std::string id;
  std::string username;
  std::optional<std::string> name;
  std::optional<std::string> email;
  std::optional<std::int64_t> email_verified_at;
  std::optional<std::string> password_hash;
  std::optional<std::int64_t> disabled_at;
  std::int64_t created_at = 0;
  std::int64_t updated_at = 0;
};

void insert_user(db::Connection& connection, const User& user);  // db::Conflict: username or e-mail taken
void update_user(db::Connection& connection, const User& user);  // db::Conflict as above; by id
bool delete_user(db::Connection& connection,
                 std::string_view id);  // with clients, tokens and all that is theirs

std::optional<User> find_user(db::Connection& connection, std::string_view id);
std::optional<User> find_user_by_username(db::Connection& connection, std::string_view username);
std::optional<User> find_user_by_email(db::Connection& connection, std::string_view email);
std::vector<User> list_users_by_id_prefix(db::Connection& connection, std::string_view prefix);
std::vector<User> list_users(db::Connection& connection);  // by username

// How many clients the user owns, how many tokens are the user's or those clients', and how many accounts
// elsewhere are linked: what a deletion takes along.
struct UserBelongings {
  std::int64_t clients = 0;
  std::int64_t tokens = 0;
  std::int64_t remote_accounts = 0;
};
UserBelongings count_user_belongings(db::Connection& connection, std::string_view user_id);

}  // namespace oauth2::store
