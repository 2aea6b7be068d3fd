#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/connection.h"

namespace oauth2::store {

struct Token {
  std::string id;  // crypto::token_id of the hash; the jti
  std::string token_hash;
  std::string kind;  // personal, access, refresh
  std::optional<std::string> client_id;
  std::optional<std::string> user_id;
  std::optional<std::string> name;
  std::string scope;                    // words joined by one space
  std::optional<std::string> audience;  // absent: the issuer
  bool internal = false;
  std::optional<std::string> family_id;
  std::int64_t created_at = 0;
  std::optional<std::int64_t> expires_at;
  std::optional<std::int64_t> last_used_at;
  std::optional<std::int64_t> revoked_at;
  std::optional<std::int64_t> rotated_at;
  std::optional<std::int64_t>
      lifetime;  // of a personal token: the seconds last asked for; a successor gets them

  // Read along from the user, the client and the client's owner; not written.
  std::optional<std::string> username;
  std::optional<std::string> client_name;
  bool holder_disabled = false;  // any of the three

  // Usable at `now`: not expired, not revoked, nobody behind it disabled.
  bool is_active(std::int64_t now) const {
    return !revoked_at && !holder_disabled && (!expires_at || *expires_at > now);
  }
};

void insert_token(db::Connection& connection,
                  const Token& token);  // db::Conflict: a user's personal name is taken
// Name, scope, expires_at, rotated_at and lifetime of the row with this id; db::Conflict as above.
void update_token(db::Connection& connection, const Token& token);

std::optional<Token> find_token(db::Connection& connection, std::string_view id);
// The user's personal token of that name that has no successor and is not revoked.
std::optional<Token> find_personal_token(db::Connection& connection, std::string_view user_id,
                                         std::string_view name);
std::vector<Token> list_tokens_by_name(db::Connection& connection,
                                       std::string_view name);  // as above, of anybody
std::vector<Token> list_tokens_by_id_prefix(db::Connection& connection, std::string_view prefix);

struct TokenFilter {
  std::optional<std::string> user_id;
  std::optional<std::string> client_id;
  std::optional<std::string> kind;
  std::optional<std::string> scope;  // one word that is in it
  std::optional<std::int64_t> expires_before;
  std::optional<std::int64_t> unused_since;  // neither used nor made since then
  std::optional<std::int64_t> created_before;
  std::optional<std::int64_t> active_at;     // only those that are active then
  std::optional<std::int64_t> revocable_at;  // only those neither revoked nor expired then
};
std::vector<Token> list_tokens(db::Connection& connection, const TokenFilter& filter);  // newest first
std::int64_t count_tokens(db::Connection& connection, const TokenFilter& filter);

// Both answer how many were not revoked before. A refresh token takes along what it gave (RFC 7009
// section 2.1).
std::int64_t revoke_token(db::Connection& connection, std::string_view id, std::int64_t now);
std::int64_t revoke_token_family(db::Connection& connection, std::string_view family_id, std::int64_t now);

// Notes a use, at most once in `seconds` a token.
void touch_token(db::Connection& connection, std::string_view id, std::int64_t now, std::int64_t seconds);

// Deletes at most `most` tokens that expired or were revoked before `before`; answers how many.
std::int64_t delete_dead_tokens(db::Connection& connection, std::int64_t before, std::int64_t most);
std::int64_t count_dead_tokens(db::Connection& connection, std::int64_t before);

}  // namespace oauth2::store
