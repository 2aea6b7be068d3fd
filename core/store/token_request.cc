#include "core/store/token_request.h"

#include <fmt/format.h>

#include "core/crypto/token_string.h"
#include "core/store/columns.h"
#include "core/text.h"

namespace oauth2::store {
namespace {

// The client is tc and its owner tw, as columns::token names those of a token: what it presents is nearly
// always its own, and the grant refuses what is not.
constexpr std::string_view client_columns =
    "tc.id, tc.token_endpoint_auth_method, tc.grant_types, tc.scope, tc.internal, tc.access_token_ttl,"
    " tc.refresh_token_ttl, tc.disabled_at, tw.disabled_at, tc.resources, tc.access_token_format,"
    " tc.signing_alg, s.secret_hash";
constexpr std::string_view from_client =
    " FROM clients tc LEFT JOIN users tw ON tw.id = tc.owner_id LEFT JOIN client_secrets s"
    " ON s.client_id = tc.id AND (s.expires_at IS NULL OR s.expires_at > $2) ";
constexpr int secret_column = 12;
constexpr int first_of_presented = 13;

Client client_from(const db::Row& row) {
  Client client;
  client.id = row.text(0);
  client.token_endpoint_auth_method = row.text(1);
  client.grant_types = text::words(row.text(2));
  client.scope = text::words(row.text(3));
  client.internal = row.flag(4);
  client.access_token_ttl = row.optional_integer(5);
  client.refresh_token_ttl = row.optional_integer(6);
  client.disabled_at = row.optional_integer(7);
  client.owner_disabled_at = row.optional_integer(8);
  client.resources = text::words(row.text(9));
  client.access_token_format = row.text(10);
  client.signing_alg = row.optional_text(11);
  return client;
}

void read_secret(const db::Row& row, ClientCredentials& credentials) {
  if (auto hash = row.optional_text(secret_column))
    credentials.live_secret_hashes.push_back(std::move(*hash));
}

}  // namespace

std::optional<ClientAndCode> find_client_and_code(db::Connection& connection, std::string_view client_id,
                                                  std::string_view code_hash, std::int64_t now) {
  static const std::string sql =
      fmt::format("SELECT {}, {}{}LEFT JOIN authorization_codes a ON a.code_hash = $3 {}WHERE tc.id = $1",
                  client_columns, columns::code, from_client, columns::join_code_user);
  std::optional<ClientAndCode> found;
  connection.run(sql, {client_id, now, code_hash}, [&](const db::Row& row) {
    if (!found) {
      found = ClientAndCode{{client_from(row), {}}, std::nullopt};
      if (!row.is_null(first_of_presented)) found->code = columns::code_from(row, first_of_presented);
    }
    read_secret(row, found->credentials);
  });
  return found;
}

std::optional<ClientAndRefreshToken> find_client_and_refresh_token(db::Connection& connection,
                                                                   std::string_view client_id,
                                                                   std::string_view token_id,
                                                                   std::int64_t now) {
  static const std::string sql = fmt::format(
      "SELECT {}, {}{}LEFT JOIN tokens t ON t.issued_ms = $4 AND t.id = $3"
      " LEFT JOIN users tu ON tu.id = t.user_id WHERE tc.id = $1",
      client_columns, columns::token, from_client);
  std::optional<ClientAndRefreshToken> found;
  connection.run(sql, {client_id, now, token_id, crypto::issued_ms_of(token_id)}, [&](const db::Row& row) {
    if (!found) {
      found = ClientAndRefreshToken{{client_from(row), {}}, std::nullopt};
      if (!row.is_null(first_of_presented)) found->token = columns::token_from(row, first_of_presented);
    }
    read_secret(row, found->credentials);
  });
  return found;
}

}  // namespace oauth2::store
