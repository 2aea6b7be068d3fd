#include "core/db/migrate.h"

#include <fmt/format.h>

#include <algorithm>

namespace oauth2::db {

std::int64_t schema_version(Connection& connection) {
  if (!connection.has_table("schema_migrations")) return 0;  // the drivers refuse foreign tables
  return connection.number("SELECT COALESCE(MAX(version), 0) FROM schema_migrations");
}

std::vector<Migration> pending_migrations(Connection& connection, const std::vector<Migration>& known) {
  const std::int64_t version = schema_version(connection);
  const std::int64_t newest = known.empty() ? 0 : known.back().version;
  if (version > newest) {
    throw Error(Error::Kind::newer,
                fmt::format("the database has schema {}, this program knows only up to {}", version, newest),
                "use the oauth2ctl and oauth2d that last worked on it, or newer ones");
  }
  std::vector<Migration> pending;
  std::copy_if(known.begin(), known.end(), std::back_inserter(pending),
               [&](const Migration& migration) { return migration.version > version; });
  return pending;
}

std::size_t migrate(Connection& connection, std::int64_t now, const std::vector<Migration>& known) {
  std::size_t applied = 0;
  for (;;) {
    // Asked again inside each transaction: another process may have been faster.
    connection.begin_write();
    try {
      const auto pending = pending_migrations(connection, known);
      if (pending.empty()) {
        connection.rollback();
        return applied;
      }
      connection.script(
          "CREATE TABLE IF NOT EXISTS schema_migrations"
          " (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)");
      connection.script(pending.front().sql);
      connection.run("INSERT INTO schema_migrations (version, name, applied_at) VALUES ($1, $2, $3)",
                     {pending.front().version, pending.front().name, now});
      connection.commit();
      ++applied;
    } catch (...) {
      connection.rollback();
      throw;
    }
  }
}

}  // namespace oauth2::db
