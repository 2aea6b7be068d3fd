#pragma once

#include <cstdint>
#include <string>

#include "core/db/connection.h"

// What the stores of rows that are of no more use after `expires_at` have in common; for this folder alone.
namespace oauth2::store {

// `key`: the table's primary key, one column.
inline std::int64_t delete_expired(db::Connection& connection, const std::string& table,
                                   const std::string& key, std::int64_t before, std::int64_t most) {
  return connection.run("DELETE FROM " + table + " WHERE " + key + " IN (SELECT " + key + " FROM " + table +
                            " WHERE expires_at < $1 LIMIT $2)",
                        {before, most});
}

inline std::int64_t count_expired(db::Connection& connection, const std::string& table, std::int64_t before) {
  return connection.number("SELECT count(*) FROM " + table + " WHERE expires_at < $1", {before});
}

}  // namespace oauth2::store
