#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/connection.h"
#include "core/store/page.h"

namespace oauth2::store {

struct Token {
  std::string id;  // the jti; of all but JWTs crypto::token_id
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
  std::optional<std::int64_t> rotated_at;  // a successor exists
  // Of a personal token: the seconds last asked for; a successor gets them. Of a refresh token: the seconds
  // from created_at until its whole family ends, however often it is used.
  std::optional<std::int64_t> lifetime;
  std::optional<std::string> successor_sealed;  // of a refresh token; written by rotate_refresh_token only
  std::optional<std::string> signing_kid;       // of a JWT: the key that signed it; written, not read

  // Read along from the user, the client and the client's owner; not written.
  std::optional<std::string> username;
  std::optional<std::string> client_name;
  bool holder_disabled = false;  // any of the three

  // A refresh token is used up by its rotation; a personal one lives on until it expires.
  bool is_spent() const { return kind == "refresh" && rotated_at; }

  // Usable at `now`: not expired, not revoked, not used up, nobody behind it disabled.
  bool is_active(std::int64_t now) const {
    return !revoked_at && !is_spent() && !holder_disabled && (!expires_at || *expires_at > now);
  }
};

void insert_token(db::Connection& connection,
                  const Token& token);  // db::Conflict: a user's personal name is taken
// The same while its client is neither disabled nor its owner, and still has this live secret ("" for a
// public client), and, of a JWT, while the key that signed it is published: check and change in one
// statement. Answers whether it was.
bool insert_token_of_live_client(db::Connection& connection, const Token& token,
                                 std::string_view secret_hash);
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

// Those of a user's own pages: neither internal nor revoked; expired ones too, unless they have a successor.
std::vector<Token> list_personal_tokens(db::Connection& connection, std::string_view user_id,
                                        std::int64_t now, const Page& page);  // newest first
std::int64_t count_personal_tokens(db::Connection& connection, std::string_view user_id, std::int64_t now);

// A client's tokens that could be used, or come back with whom they belong to.
std::int64_t count_revocable_client_tokens(db::Connection& connection, std::string_view client_id,
                                           std::int64_t now);

// Gives a refresh token its one successor, sealed so that only whoever presents the token can read it. False
// when it has one already, is revoked or has expired, or its user is disabled: of many at once, one is told
// that it won.
bool rotate_refresh_token(db::Connection& connection, std::string_view id, std::int64_t now,
                          std::string_view successor_sealed);

// All answer how many were not revoked before.
std::int64_t revoke_token(db::Connection& connection, std::string_view id, std::int64_t now);
std::int64_t revoke_token_family(db::Connection& connection, std::string_view family_id, std::int64_t now);
// The token, and of a refresh token all that it gave (RFC 7009 section 2.1).
std::int64_t revoke_token_with_family(db::Connection& connection, const Token& token, std::int64_t now);

// All access and refresh tokens that the user let the client have.
std::int64_t revoke_tokens_of_grant(db::Connection& connection, std::string_view user_id,
                                    std::string_view client_id, std::int64_t now);

// At every client; what was rotated can then give its successor to nobody either.
std::int64_t revoke_user_refresh_tokens(db::Connection& connection, std::string_view user_id,
                                        std::int64_t now);

// Of the JWTs that the key of this kid signed: how many are active, when the last one expires, and the end of
// all.
std::int64_t count_signed_tokens(db::Connection& connection, std::string_view kid, std::int64_t now);
std::optional<std::int64_t> last_signed_expiry(db::Connection& connection, std::string_view kid);
void revoke_signed_tokens(db::Connection& connection, std::string_view kid, std::int64_t now);

// Notes a use, at most once in `seconds` a token.
void touch_token(db::Connection& connection, std::string_view id, std::int64_t now, std::int64_t seconds);

// Deletes at most `most` tokens that expired or were revoked before `before`; answers how many.
std::int64_t delete_dead_tokens(db::Connection& connection, std::int64_t before, std::int64_t most);
std::int64_t count_dead_tokens(db::Connection& connection, std::int64_t before);

}  // namespace oauth2::store
