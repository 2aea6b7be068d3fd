#include "core/store/deployment.h"

namespace oauth2::store {

std::optional<std::string> find_deployment_value(db::Connection& connection, std::string_view name) {
  std::optional<std::string> value;
  connection.run("SELECT value FROM deployment WHERE name = $1", {name},
                 [&](const db::Row& row) { value = row.text(0); });
  return value;
}

void put_deployment_value(db::Connection& connection, std::string_view name, std::string_view value) {
  connection.run(
      "INSERT INTO deployment (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = "
      "excluded.value",
      {name, value});
}

bool claim_deployment_value(db::Connection& connection, std::string_view name, std::string_view value,
                            std::string_view low, std::string_view high) {
  return connection.run(
             "INSERT INTO deployment (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE"
             " SET value = excluded.value WHERE deployment.value < $3 OR deployment.value > $4",
             {name, value, low, high}) > 0;
}

bool exchange_deployment_value(db::Connection& connection, std::string_view name, std::string_view before,
                               std::string_view value) {
  return connection.run("UPDATE deployment SET value = $3 WHERE name = $1 AND value = $2",
                        {name, before, value}) > 0;
}

}  // namespace oauth2::store
