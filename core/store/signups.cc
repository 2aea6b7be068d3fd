#include "core/store/signups.h"

#include "core/store/expired.h"

namespace oauth2::store {

void insert_signup(db::Connection& connection, const Signup& signup) {
  connection.run(
      "INSERT INTO signups (signup_hash, session_name, provider, subject, profile, tokens_sealed,"
      " token_expires_at, next, remember, created_at, expires_at)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      {signup.signup_hash, signup.session_name, signup.provider, signup.subject, signup.profile,
       signup.tokens_sealed, signup.token_expires_at, signup.next, std::int64_t{signup.remember},
       signup.created_at, signup.expires_at});
}

std::optional<Signup> find_signup(db::Connection& connection, std::string_view signup_hash) {
  std::optional<Signup> signup;
  connection.run(
      "SELECT signup_hash, session_name, provider, subject, profile, tokens_sealed, token_expires_at, next,"
      " remember, created_at, expires_at, used_at FROM signups WHERE signup_hash = $1",
      {signup_hash}, [&](const db::Row& row) {
        signup = Signup{row.text(0),
                        row.text(1),
                        row.text(2),
                        row.text(3),
                        row.text(4),
                        row.optional_text(5),
                        row.optional_integer(6),
                        row.text(7),
                        row.flag(8),
                        row.integer(9),
                        row.integer(10),
                        row.optional_integer(11)};
      });
  return signup;
}

bool use_signup(db::Connection& connection, std::string_view signup_hash, std::int64_t now) {
  return connection.run(
             "UPDATE signups SET used_at = $2 WHERE signup_hash = $1 AND used_at IS NULL AND expires_at > $2",
             {signup_hash, now}) > 0;
}

std::int64_t delete_expired_signups(db::Connection& connection, std::int64_t before, std::int64_t most) {
  return delete_expired(connection, "signups", "signup_hash", before, most);
}

std::int64_t count_expired_signups(db::Connection& connection, std::int64_t before) {
  return count_expired(connection, "signups", before);
}

}  // namespace oauth2::store
