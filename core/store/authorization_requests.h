#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/db/connection.h"

namespace oauth2::store {

// An authorization request that waits: pushed by its client (RFC 9126), kept while the user signs in, or
// shown to the user for consent.
struct AuthorizationRequest {
  std::string request_hash;
  std::string client_id;
  std::optional<std::string> session_id;  // whose consent it waits for
  std::string parameters;                 // form-urlencoded
  bool pushed = false;
  std::optional<std::string> source_hash;  // of the one that this was read from: used up along with it
  std::int64_t created_at = 0;
  std::int64_t expires_at = 0;
  std::optional<std::int64_t> used_at;
};

void insert_authorization_request(db::Connection& connection, const AuthorizationRequest& request);
// Expired and used ones too.
std::optional<AuthorizationRequest> find_authorization_request(db::Connection& connection,
                                                               std::string_view request_hash);
// False when it was used before: of many at once, one is told that it won.
bool use_authorization_request(db::Connection& connection, std::string_view request_hash, std::int64_t now);
// All that wait for the session's consent with the same parameters, and what they were read from.
void use_same_authorization_requests(db::Connection& connection, std::string_view session_id,
                                     std::string_view parameters, std::int64_t now);

// Deletes at most `most` that expired before `before`; answers how many.
std::int64_t delete_expired_authorization_requests(db::Connection& connection, std::int64_t before,
                                                   std::int64_t most);
std::int64_t count_expired_authorization_requests(db::Connection& connection, std::int64_t before);

}  // namespace oauth2::store
