#include "core/store/codes.h"

#include "core/store/expired.h"

namespace oauth2::store {

void insert_authorization_code(db::Connection& connection, const AuthorizationCode& code) {
  connection.run(
      "INSERT INTO authorization_codes (code_hash, client_id, user_id, redirect_uri, scope, audience,"
      " code_challenge, family_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {code.code_hash, code.client_id, code.user_id, code.redirect_uri, code.scope, code.audience,
       code.code_challenge, code.family_id, code.created_at, code.expires_at});
}

std::optional<AuthorizationCode> find_authorization_code(db::Connection& connection,
                                                         std::string_view code_hash) {
  std::optional<AuthorizationCode> code;
  connection.run(
      "SELECT a.code_hash, a.client_id, a.user_id, a.redirect_uri, a.scope, a.audience, a.code_challenge,"
      " a.family_id, a.created_at, a.expires_at, a.redeemed_at, u.disabled_at"
      " FROM authorization_codes a JOIN users u ON u.id = a.user_id WHERE a.code_hash = $1",
      {code_hash}, [&](const db::Row& row) {
        code = AuthorizationCode{row.text(0),
                                 row.text(1),
                                 row.text(2),
                                 row.optional_text(3),
                                 row.text(4),
                                 row.optional_text(5),
                                 row.optional_text(6),
                                 row.text(7),
                                 row.integer(8),
                                 row.integer(9),
                                 row.optional_integer(10),
                                 !row.is_null(11)};
      });
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
