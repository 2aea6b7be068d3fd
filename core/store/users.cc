#include "core/store/users.h"

#include "core/store/id_prefix.h"
#include "core/text.h"

namespace oauth2::store {
namespace {

constexpr std::string_view select_users =
    "SELECT id, username, name, email, email_verified_at, password_hash, disabled_at, created_at, updated_at"
    " FROM users ";

User user_from(const db::Row& row) {
  return {row.text(0),
          row.text(1),
          row.optional_text(2),
          row.optional_text(3),
          row.optional_integer(4),
          row.optional_text(5),
          row.optional_integer(6),
          row.integer(7),
          row.integer(8)};
}

std::vector<User> select(db::Connection& connection, std::string_view rest,
                         const db::Parameters& parameters) {
  std::vector<User> users;
  connection.run(std::string(select_users).append(rest), parameters,
                 [&](const db::Row& row) { users.push_back(user_from(row)); });
  return users;
}

std::optional<User> select_one(db::Connection& connection, std::string_view rest,
                               const db::Parameters& parameters) {
  auto users = select(connection, rest, parameters);
  return users.empty() ? std::nullopt : std::optional(std::move(users.front()));
}

std::optional<std::string> key_of(const std::optional<std::string>& text) {
  return text ? std::optional(text::lower(*text)) : std::nullopt;
}

}  // namespace

void insert_user(db::Connection& connection, const User& user) {
  connection.run(
      "INSERT INTO users (id, username, username_key, name, email, email_key, email_verified_at, "
      "password_hash,"
      " disabled_at, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      {user.id, user.username, text::lower(user.username), user.name, user.email, key_of(user.email),
       user.email_verified_at, user.password_hash, user.disabled_at, user.created_at, user.updated_at});
}

void update_user(db::Connection& connection, const User& user) {
  connection.run(
      "UPDATE users SET username = $2, username_key = $3, name = $4, email = $5, email_key = $6,"
      " email_verified_at = $7, password_hash = $8, disabled_at = $9, updated_at = $10 WHERE id = $1",
      {user.id, user.username, text::lower(user.username), user.name, user.email, key_of(user.email),
       user.email_verified_at, user.password_hash, user.disabled_at, user.updated_at});
}

bool delete_user(db::Connection& connection, std::string_view id) {
  return connection.run("DELETE FROM users WHERE id = $1", {id}) > 0;
}

std::optional<User> find_user(db::Connection& connection, std::string_view id) {
  return select_one(connection, "WHERE id = $1", {id});
}

std::optional<User> find_user_by_username(db::Connection& connection, std::string_view username) {
  return select_one(connection, "WHERE username_key = $1", {text::lower(username)});
}

std::optional<User> find_user_by_email(db::Connection& connection, std::string_view email) {
  return select_one(connection, "WHERE email_key = $1", {text::lower(email)});
}

std::vector<User> list_users_by_id_prefix(db::Connection& connection, std::string_view prefix) {
  return select(connection, "WHERE id >= $1 AND id < $2 ORDER BY id", {prefix, after_prefix(prefix)});
}

std::vector<User> list_users(db::Connection& connection) {
  return select(connection, "ORDER BY username_key", {});
}

UserBelongings count_user_belongings(db::Connection& connection, std::string_view user_id) {
  UserBelongings belongings;
  connection.run(
      "SELECT (SELECT count(*) FROM clients WHERE owner_id = $1),"
      " (SELECT count(*) FROM tokens WHERE user_id = $1 OR client_id IN (SELECT id FROM clients WHERE "
      "owner_id = $1)),"
      " (SELECT count(*) FROM remote_accounts WHERE user_id = $1)",
      {user_id}, [&](const db::Row& row) {
        belongings = {row.integer(0), row.integer(1), row.integer(2)};
      });
  return belongings;
}

}  // namespace oauth2::store
