#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/connection.h"

namespace oauth2::store {

struct ClientSecret {
  std::string id;
  std::string client_id;
  std::string secret_hash;
  std::int64_t created_at = 0;
  std::optional<std::int64_t> expires_at;  // absent: never
};

void insert_client_secret(db::Connection& connection, const ClientSecret& secret);
bool delete_client_secret(db::Connection& connection, std::string_view client_id, std::string_view secret_id);
std::vector<ClientSecret> list_client_secrets(db::Connection& connection,
                                              std::string_view client_id);  // oldest first

void delete_client_secrets(db::Connection& connection, std::string_view client_id);
// All secrets of the client end at `at`, unless they end before.
void expire_client_secrets(db::Connection& connection, std::string_view client_id, std::int64_t at);
std::int64_t count_expired_client_secrets(db::Connection& connection, std::int64_t before);
std::int64_t delete_expired_client_secrets(db::Connection& connection, std::int64_t before,
                                           std::int64_t most);

}  // namespace oauth2::store
