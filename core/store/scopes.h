#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/connection.h"

namespace oauth2::store {

struct Scope {
  std::string name;
  std::string description;
  std::optional<std::string> group;
  bool internal = false;
  bool is_default = false;
  std::int64_t created_at = 0;
};

void insert_scope(db::Connection& connection, const Scope& scope);  // db::Conflict: the name is taken
void update_scope(db::Connection& connection, const Scope& scope);  // by name
bool delete_scope(db::Connection& connection, std::string_view name);

std::optional<Scope> find_scope(db::Connection& connection, std::string_view name);
// Those of the names that exist, in no order; in one statement for up to 64.
std::vector<Scope> find_scopes(db::Connection& connection, const std::vector<std::string>& names);
std::vector<Scope> list_scopes(db::Connection& connection);  // by group, then name

// Clients that are registered with the scope, and tokens that could still be used or come back with it.
struct ScopeUse {
  std::int64_t clients = 0;
  std::int64_t tokens = 0;
};
ScopeUse count_scope_use(db::Connection& connection, std::string_view name, std::int64_t now);

}  // namespace oauth2::store
