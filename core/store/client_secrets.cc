#include "core/store/client_secrets.h"

#include "core/store/expired.h"

namespace oauth2::store {

void insert_client_secret(db::Connection& connection, const ClientSecret& secret) {
  connection.run(
      "INSERT INTO client_secrets (id, client_id, secret_hash, created_at, expires_at) VALUES ($1, $2, $3, "
      "$4, $5)",
      {secret.id, secret.client_id, secret.secret_hash, secret.created_at, secret.expires_at});
}

bool delete_client_secret(db::Connection& connection, std::string_view client_id,
                          std::string_view secret_id) {
  return connection.run("DELETE FROM client_secrets WHERE client_id = $1 AND id = $2",
                        {client_id, secret_id}) > 0;
}

std::vector<ClientSecret> list_client_secrets(db::Connection& connection, std::string_view client_id) {
  std::vector<ClientSecret> secrets;
  connection.run(
      "SELECT id, client_id, secret_hash, created_at, expires_at FROM client_secrets WHERE client_id = $1"
      " ORDER BY created_at, id",
      {client_id}, [&](const db::Row& row) {
        secrets.push_back({row.text(0), row.text(1), row.text(2), row.integer(3), row.optional_integer(4)});
      });
  return secrets;
}

void delete_client_secrets(db::Connection& connection, std::string_view client_id) {
  connection.run("DELETE FROM client_secrets WHERE client_id = $1", {client_id});
}

void expire_client_secrets(db::Connection& connection, std::string_view client_id, std::int64_t at) {
  connection.run(
      "UPDATE client_secrets SET expires_at = $2 WHERE client_id = $1 AND (expires_at IS NULL OR expires_at "
      "> $2)",
      {client_id, at});
}

std::int64_t count_expired_client_secrets(db::Connection& connection, std::int64_t before) {
  return count_expired(connection, "client_secrets", before);
}

std::int64_t delete_expired_client_secrets(db::Connection& connection, std::int64_t before,
                                           std::int64_t most) {
  return delete_expired(connection, "client_secrets", "id", before, most);
}

}  // namespace oauth2::store
