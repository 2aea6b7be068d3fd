#include "core/store/introspection.h"

#include <fmt/format.h>

#include "core/crypto/token_string.h"
#include "core/store/columns.h"
#include "core/text.h"

namespace oauth2::store {

namespace {

constexpr int secret_column = 7;
constexpr int first_of_token = 8;

// Few columns: a database server describes each of them in every answer.
Client client_from(const db::Row& row) {
  Client client;
  client.id = row.text(0);
  client.token_endpoint_auth_method = row.text(1);
  client.introspect = row.text(2);
  client.disabled_at = row.optional_integer(3);
  client.owner_disabled_at = row.optional_integer(4);
  client.audiences = text::words(row.text(5));
  client.signing_alg = row.optional_text(6);
  return client;
}

}  // namespace

std::optional<ClientAndToken> find_client_and_token(db::Connection& connection, std::string_view client_id,
                                                    std::string_view token_id, std::int64_t now) {
  static const std::string sql = fmt::format(
      "SELECT c.id, c.token_endpoint_auth_method, c.introspect, c.disabled_at, o.disabled_at, c.audiences,"
      " c.signing_alg, s.secret_hash, {}{}{}LEFT JOIN tokens t ON t.issued_ms = $4 AND t.id = $3"
      " {}WHERE c.id = $1",
      columns::token, columns::from_clients, columns::join_live_secrets, columns::join_token_holders);
  std::optional<ClientAndToken> found;
  connection.run(sql, {client_id, now, token_id, crypto::issued_ms_of(token_id)}, [&](const db::Row& row) {
    if (!found) {
      found = ClientAndToken{{client_from(row), {}}, std::nullopt};
      if (!row.is_null(first_of_token)) found->token = columns::token_from(row, first_of_token);
    }
    if (auto hash = row.optional_text(secret_column))
      found->credentials.live_secret_hashes.push_back(std::move(*hash));
  });
  return found;
}

}  // namespace oauth2::store
