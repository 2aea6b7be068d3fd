#include "core/store/password_resets.h"

#include "core/store/expired.h"

namespace oauth2::store {

void insert_password_reset(db::Connection& connection, const PasswordReset& reset) {
  connection.run(
      "INSERT INTO password_resets (reset_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
      {reset.reset_hash, reset.user_id, reset.created_at, reset.expires_at});
}

std::optional<PasswordReset> find_password_reset(db::Connection& connection, std::string_view reset_hash) {
  std::optional<PasswordReset> reset;
  connection.run(
      "SELECT reset_hash, user_id, created_at, expires_at, used_at FROM password_resets"
      " WHERE reset_hash = $1",
      {reset_hash}, [&](const db::Row& row) {
        reset =
            PasswordReset{row.text(0), row.text(1), row.integer(2), row.integer(3), row.optional_integer(4)};
      });
  return reset;
}

bool use_password_reset(db::Connection& connection, std::string_view reset_hash, std::int64_t now) {
  return connection.run(
             "UPDATE password_resets SET used_at = $2 WHERE reset_hash = $1 AND used_at IS NULL"
             " AND expires_at > $2",
             {reset_hash, now}) > 0;
}

std::int64_t delete_unused_password_resets(db::Connection& connection, std::string_view user_id) {
  return connection.run("DELETE FROM password_resets WHERE user_id = $1 AND used_at IS NULL", {user_id});
}

std::int64_t delete_expired_password_resets(db::Connection& connection, std::int64_t before,
                                            std::int64_t most) {
  return delete_expired(connection, "password_resets", "reset_hash", before, most);
}

std::int64_t count_expired_password_resets(db::Connection& connection, std::int64_t before) {
  return count_expired(connection, "password_resets", before);
}

}  // namespace oauth2::store
