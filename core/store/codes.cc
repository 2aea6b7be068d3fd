#include "core/store/codes.h"

#include <fmt/format.h>

#include "core/store/columns.h"
#include "core/store/expired.h"

namespace oauth2::store {

void insert_authorization_code(db::Connection& connection, const AuthorizationCode& code) {
  connection.run(
      "INSERT INTO authorization_codes (code_hash, client_id, user_id, redirect_uri, scope, audience,"
      " code_challenge, family_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {code.code_hash, code.client_id, code.user_id, code.redirect_uri, code.scope, code.audience,
       code.code_challenge, code.family_id, code.created_at, code.expires_at});
}

AuthorizationCode columns::code_from(const db::Row& row, int first) {
  return {row.text(first),
          row.text(first + 1),
          row.text(first + 2),
          row.optional_text(first + 3),
          row.text(first + 4),
          row.optional_text(first + 5),
          row.optional_text(first + 6),
          row.text(first + 7),
          row.integer(first + 8),
          row.integer(first + 9),
          row.optional_integer(first + 10),
          !row.is_null(first + 11)};
}

std::optional<AuthorizationCode> find_authorization_code(db::Connection& connection,
                                                         std::string_view code_hash) {
  static const std::string sql = fmt::format("SELECT {} FROM authorization_codes a {}WHERE a.code_hash = $1",
                                             columns::code, columns::join_code_user);
  std::optional<AuthorizationCode> code;
  connection.run(sql, {code_hash}, [&](const db::Row& row) { code = columns::code_from(row); });
  return code;
}

bool redeem_authorization_code(db::Connection& connection, std::string_view code_hash, std::int64_t now) {
  return connection.run(
             "UPDATE authorization_codes SET redeemed_at = $2 WHERE code_hash = $1 AND redeemed_at IS NULL"
             " AND expires_at > $2 AND EXISTS (SELECT 1 FROM users u"
             "  WHERE u.id = authorization_codes.user_id AND u.disabled_at IS NULL)",
             {code_hash, now}) > 0;
}

// COALESCE keeps the client's index out: a client may have very many codes, a user has few.
std::int64_t delete_unredeemed_authorization_codes(db::Connection& connection, std::string_view user_id,
                                                   std::string_view client_id) {
  return connection.run(
      "DELETE FROM authorization_codes WHERE user_id = $1 AND COALESCE(client_id, '') = $2"
      " AND redeemed_at IS NULL",
      {user_id, client_id});
}

std::int64_t delete_unredeemed_authorization_codes(db::Connection& connection, std::string_view user_id) {
  return connection.run("DELETE FROM authorization_codes WHERE user_id = $1 AND redeemed_at IS NULL",
                        {user_id});
}

std::int64_t delete_expired_authorization_codes(db::Connection& connection, std::int64_t before,
                                                std::int64_t most) {
  return delete_expired(connection, "authorization_codes", "code_hash", before, most);
}

std::int64_t count_expired_authorization_codes(db::Connection& connection, std::int64_t before) {
  return count_expired(connection, "authorization_codes", before);
}

}  // namespace oauth2::store
