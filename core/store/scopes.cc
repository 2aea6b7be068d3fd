#include "core/store/scopes.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace oauth2::store {
namespace {

constexpr std::string_view select_scopes =
    "SELECT name, description, group_name, internal, is_default, created_at FROM scopes ";

Scope scope_from(const db::Row& row) {
  return {row.text(0), row.text(1), row.optional_text(2), row.flag(3), row.flag(4), row.integer(5)};
}

db::Parameters parameters_of(const Scope& scope) {
  return {scope.name,
          scope.description,
          scope.group,
          std::int64_t{scope.internal},
          std::int64_t{scope.is_default},
          scope.created_at};
}

}  // namespace

void insert_scope(db::Connection& connection, const Scope& scope) {
  connection.run(
      "INSERT INTO scopes (name, description, group_name, internal, is_default, created_at)"
      " VALUES ($1, $2, $3, $4, $5, $6)",
      parameters_of(scope));
}

void update_scope(db::Connection& connection, const Scope& scope) {
  connection.run(
      "UPDATE scopes SET description = $2, group_name = $3, internal = $4, is_default = $5, created_at = $6"
      " WHERE name = $1",
      parameters_of(scope));
}

bool delete_scope(db::Connection& connection, std::string_view name) {
  return connection.run("DELETE FROM scopes WHERE name = $1", {name}) > 0;
}

std::optional<Scope> find_scope(db::Connection& connection, std::string_view name) {
  std::optional<Scope> scope;
  connection.run(std::string(select_scopes) + "WHERE name = $1", {name},
                 [&](const db::Row& row) { scope = scope_from(row); });
  return scope;
}

std::vector<Scope> find_scopes(db::Connection& connection, const std::vector<std::string>& names) {
  constexpr std::size_t most = 64;
  std::vector<Scope> scopes;
  for (std::size_t begin = 0; begin < names.size(); begin += most) {
    const std::size_t count = std::min(most, names.size() - begin);
    db::Parameters parameters(names.begin() + static_cast<std::ptrdiff_t>(begin),
                              names.begin() + static_cast<std::ptrdiff_t>(begin + count));
    // Filled up to a power of two: few texts, each prepared once.
    const std::size_t filled = std::bit_ceil(count);
    parameters.resize(filled, parameters.back());
    std::string sql = std::string(select_scopes) + "WHERE name IN ($1";
    for (std::size_t i = 2; i <= filled; ++i) sql += fmt::format(", ${}", i);
    connection.run(sql + ")", parameters, [&](const db::Row& row) { scopes.push_back(scope_from(row)); });
  }
  return scopes;
}

std::vector<Scope> list_scopes(db::Connection& connection) {
  std::vector<Scope> scopes;
  connection.run(std::string(select_scopes) + "ORDER BY COALESCE(group_name, ''), name", {},
                 [&](const db::Row& row) { scopes.push_back(scope_from(row)); });
  return scopes;
}

ScopeUse count_scope_use(db::Connection& connection, std::string_view name, std::int64_t now) {
  // Words in a text, without LIKE: putting a blank for the word changes the text only where the word is.
  ScopeUse use;
  connection.run(
      "SELECT (SELECT count(*) FROM clients"
      "         WHERE replace(' ' || scope || ' ', ' ' || $1 || ' ', ' ') <> ' ' || scope || ' '),"
      "       (SELECT count(*) FROM tokens WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > "
      "$2)"
      "         AND (rotated_at IS NULL OR kind <> 'refresh')"
      "         AND replace(' ' || scope || ' ', ' ' || $1 || ' ', ' ') <> ' ' || scope || ' ')",
      {name, now}, [&](const db::Row& row) {
        use = {row.integer(0), row.integer(1)};
      });
  return use;
}

}  // namespace oauth2::store
