#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/db/connection.h"

namespace oauth2::store {

// What the user allowed a client, waiting to be redeemed at the token endpoint.
struct AuthorizationCode {
  std::string code_hash;
  std::string client_id;
  std::string user_id;
  std::optional<std::string> redirect_uri;    // as the authorization request sent it; absent: it sent none
  std::string scope;                          // words joined by one space
  std::optional<std::string> audience;        // absent: the issuer
  std::optional<std::string> code_challenge;  // S256
  std::string family_id;                      // of all tokens that come of it
  std::int64_t created_at = 0;
  std::int64_t expires_at = 0;
  std::optional<std::int64_t> redeemed_at;

  // Read along from the user; not written.
  bool user_disabled = false;
};

void insert_authorization_code(db::Connection& connection, const AuthorizationCode& code);
// Expired and redeemed ones too.
std::optional<AuthorizationCode> find_authorization_code(db::Connection& connection,
                                                         std::string_view code_hash);
// False when it was redeemed before, has expired, or its user is disabled: of many at once, one is told that
// it won.
bool redeem_authorization_code(db::Connection& connection, std::string_view code_hash, std::int64_t now);

// Those of the pair, or of the user at every client, that nobody redeemed yet; both answer how many. The
// redeemed ones tell a replay.
std::int64_t delete_unredeemed_authorization_codes(db::Connection& connection, std::string_view user_id,
                                                   std::string_view client_id);
std::int64_t delete_unredeemed_authorization_codes(db::Connection& connection, std::string_view user_id);

// Deletes at most `most` codes that expired before `before`; answers how many. A redeemed one stays as long
// as the others, since only by its row its replay is known for one.
std::int64_t delete_expired_authorization_codes(db::Connection& connection, std::int64_t before,
                                                std::int64_t most);
std::int64_t count_expired_authorization_codes(db::Connection& connection, std::int64_t before);

}  // namespace oauth2::store
