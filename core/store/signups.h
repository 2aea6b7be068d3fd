#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/db/connection.h"

namespace oauth2::store {

// Who came from a provider, is nobody here yet, and is asked for what is missing.
struct Signup {
  std::string signup_hash;   // of a secret in the form
  std::string session_name;  // of the browser that came
  std::string provider;
  std::string subject;
  std::string profile;  // JSON: username, name, email, email_verified
  std::optional<std::string> tokens_sealed;
  std::optional<std::int64_t> token_expires_at;
  std::string next;
  bool remember = false;
  std::int64_t created_at = 0;
  std::int64_t expires_at = 0;
  std::optional<std::int64_t> used_at;

  bool is_open(std::int64_t now) const { return !used_at && expires_at > now; }
};

void insert_signup(db::Connection& connection, const Signup& signup);
std::optional<Signup> find_signup(db::Connection& connection,
                                  std::string_view signup_hash);  // used and expired ones too

// False when it is used, expired or not there: of several at once, one gets true.
bool use_signup(db::Connection& connection, std::string_view signup_hash, std::int64_t now);

// Deletes at most `most` of those that expired before `before`; answers how many.
std::int64_t delete_expired_signups(db::Connection& connection, std::int64_t before, std::int64_t most);
std::int64_t count_expired_signups(db::Connection& connection, std::int64_t before);

}  // namespace oauth2::store
