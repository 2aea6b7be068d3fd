#include "core/store/request_tokens.h"

#include "core/store/expired.h"

namespace oauth2::store {

void insert_request_token(db::Connection& connection, const RequestToken& token) {
  connection.run("INSERT INTO request_tokens (state_hash, token_sealed, expires_at) VALUES ($1, $2, $3)",
                 {token.state_hash, token.token_sealed, token.expires_at});
}

std::optional<std::string> take_request_token(db::Connection& connection, std::string_view state_hash) {
  std::optional<std::string> token_sealed;
  connection.run("DELETE FROM request_tokens WHERE state_hash = $1 RETURNING token_sealed", {state_hash},
                 [&](const db::Row& row) { token_sealed = row.text(0); });
  return token_sealed;
}

std::int64_t delete_expired_request_tokens(db::Connection& connection, std::int64_t before,
                                           std::int64_t most) {
  return delete_expired(connection, "request_tokens", "state_hash", before, most);
}

std::int64_t count_expired_request_tokens(db::Connection& connection, std::int64_t before) {
  return count_expired(connection, "request_tokens", before);
}

}  // namespace oauth2::store
