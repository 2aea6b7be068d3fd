#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/db/connection.h"

namespace oauth2::db {

struct Migration {
  std::int64_t version;
  std::string name;
  std::string sql;
};

// All that this program knows, oldest first (compiled in from schema/*.sql).
const std::vector<Migration>& migrations();

// The version of the schema in the database: 0 when it is empty. Error::Kind::foreign when tables are there
// that are not ours.
std::int64_t schema_version(Connection& connection);

// Those of `known` that the database has not had. Error::Kind::newer when it has had one that is not known.
std::vector<Migration> pending_migrations(Connection& connection,
                                          const std::vector<Migration>& known = migrations());

// Applies them, each with its entry in schema_migrations in one transaction, and answers how many there were.
std::size_t migrate(Connection& connection, std::int64_t now,
                    const std::vector<Migration>& known = migrations());

}  // namespace oauth2::db
