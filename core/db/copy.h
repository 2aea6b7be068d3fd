#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/db/connection.h"

namespace oauth2::db {

struct TableRows {
  std::string table;
  std::int64_t rows = 0;
};

struct CopyProgress {
  std::string table;      // at hand
  std::int64_t done = 0;  // rows of all tables
  std::int64_t all = 0;
};
using CopyCallback = std::function<void(const CopyProgress&)>;

// True when both name one database, as far as the texts tell.
bool same_database(const std::string& url, const std::string& other);

// The name of a table that has a row, if there is one.
std::optional<std::string> find_filled_table(Connection& connection);

std::vector<TableRows> count_rows(Connection& connection, const std::vector<Table>& tables);

// Copies every row of the tables of `to`, which are empty, and answers how many there were. Both connections
// stand in a transaction of the caller's: a snapshot and a write. Holds few rows at a time, however many
// there are. Error when a row is refused or the counts of a table differ: the caller then rolls back.
std::vector<TableRows> copy_rows(Connection& from, Connection& to, const CopyCallback& progress);

}  // namespace oauth2::db
