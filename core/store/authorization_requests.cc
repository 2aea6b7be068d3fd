#include "core/store/authorization_requests.h"

#include "core/store/expired.h"

namespace oauth2::store {

void insert_authorization_request(db::Connection& connection, const AuthorizationRequest& request) {
  connection.run(
      "INSERT INTO authorization_requests (request_hash, client_id, session_id, parameters, pushed,"
      " source_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      {request.request_hash, request.client_id, request.session_id, request.parameters,
       std::int64_t{request.pushed}, request.source_hash, request.created_at, request.expires_at});
}

std::optional<AuthorizationRequest> find_authorization_request(db::Connection& connection,
                                                               std::string_view request_hash) {
  std::optional<AuthorizationRequest> request;
  connection.run(
      "SELECT request_hash, client_id, session_id, parameters, pushed, source_hash, created_at, expires_at,"
      " used_at FROM authorization_requests WHERE request_hash = $1",
      {request_hash}, [&](const db::Row& row) {
        request = AuthorizationRequest{row.text(0),    row.text(1),    row.optional_text(2),
                                       row.text(3),    row.flag(4),    row.optional_text(5),
                                       row.integer(6), row.integer(7), row.optional_integer(8)};
      });
  return request;
}

bool use_authorization_request(db::Connection& connection, std::string_view request_hash, std::int64_t now) {
  return connection.run(
             "UPDATE authorization_requests SET used_at = $2 WHERE request_hash = $1 AND used_at IS NULL",
             {request_hash, now}) > 0;
}

void use_same_authorization_requests(db::Connection& connection, std::string_view session_id,
                                     std::string_view parameters, std::int64_t now) {
  connection.run(
      "UPDATE authorization_requests SET used_at = $3 WHERE used_at IS NULL AND request_hash IN"
      " (SELECT request_hash FROM authorization_requests WHERE session_id = $1 AND parameters = $2"
      "  UNION SELECT source_hash FROM authorization_requests WHERE session_id = $1 AND parameters = $2)",
      {session_id, parameters, now});
}

std::int64_t delete_expired_authorization_requests(db::Connection& connection, std::int64_t before,
                                                   std::int64_t most) {
  return delete_expired(connection, "authorization_requests", "request_hash", before, most);
}

std::int64_t count_expired_authorization_requests(db::Connection& connection, std::int64_t before) {
  return count_expired(connection, "authorization_requests", before);
}

}  // namespace oauth2::store
