#include "core/store/introspection.h"

#include <fmt/format.h>

#include "core/store/columns.h"

namespace oauth2::store {

std::optional<ClientAndToken> find_client_and_token(db::Connection& connection, std::string_view client_id,
                                                    std::string_view token_id, std::int64_t now) {
  constexpr int secret_column = columns::client_count;
  constexpr int first_of_token = secret_column + 1;
  static const std::string sql = fmt::format(
      "SELECT {}, s.secret_hash, {}{}{}LEFT JOIN tokens t ON t.id = $3 {}WHERE c.id = $1", columns::client,
      columns::token, columns::from_clients, columns::join_live_secrets, columns::join_token_holders);
  std::optional<ClientAndToken> found;
  connection.run(sql, {client_id, now, token_id}, [&](const db::Row& row) {
    if (!found) {
      found = ClientAndToken{{columns::client_from(row), {}}, std::nullopt};
      if (!row.is_null(first_of_token)) found->token = columns::token_from(row, first_of_token);
    }
    if (auto hash = row.optional_text(secret_column))
      found->credentials.live_secret_hashes.push_back(std::move(*hash));
  });
  return found;
}

}  // namespace oauth2::store
