#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/db/connection.h"

namespace oauth2::store {

// A request token of OAuth 1.0a (RFC 5849 section 2.1) between its two redirects, by the state that brings
// the browser back. It is sealed under a key that only that browser's cookie gives.
struct RequestToken {
  std::string state_hash;
  std::string token_sealed;
  std::int64_t expires_at = 0;
};

void insert_request_token(db::Connection& connection, const RequestToken& token);
// Gives the sealed token out, once.
std::optional<std::string> take_request_token(db::Connection& connection, std::string_view state_hash);

// Deletes at most `most` that expired before `before`; answers how many.
std::int64_t delete_expired_request_tokens(db::Connection& connection, std::int64_t before,
                                           std::int64_t most);
std::int64_t count_expired_request_tokens(db::Connection& connection, std::int64_t before);

}  // namespace oauth2::store
