#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/db/connection.h"

namespace oauth2::db {

// What PostgreSQL's catalogue says of the current schema: the driver's answers to the seam's questions.
bool postgres_has_table(Connection& connection, std::string_view name);
std::vector<Table> postgres_tables(Connection& connection);
std::vector<std::pair<std::string, std::string>> postgres_facts(Connection& connection);
std::vector<std::string> postgres_check(Connection& connection);

// Throws Error unless the schema is ours, or has no table and `create` is set.
void postgres_judge(Connection& connection, const std::string& place, bool create);

}  // namespace oauth2::db
