#include "core/admin/scopes.h"

#include "core/store/consents.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/admin/name.h"
#include "core/protocol/scope.h"

namespace oauth2::admin {
namespace {

store::Scope with_fields(store::Scope scope, const ScopeFields& fields) {
  if (fields.description) {
    require_line("the description", *fields.description, 500);
    scope.description = *fields.description;
  }
  if (fields.group) {
    require_line("the group", *fields.group, 100);
    scope.group = fields.group->empty() ? std::nullopt : fields.group;
  }
  if (fields.internal) scope.internal = *fields.internal;
  if (fields.is_default) scope.is_default = *fields.is_default;
  if (scope.internal && scope.is_default) {
    throw Refused("an internal scope cannot be a default: a client without scopes would ask for it in vain");
  }
  return scope;
}

bool same(const store::Scope& a, const store::Scope& b) {
  return a.description == b.description && a.group == b.group && a.internal == b.internal &&
         a.is_default == b.is_default;
}

ScopeResult store_changes(db::Connection& connection, const Context& context, const store::Scope& before,
                          const ScopeFields& fields) {
  const store::Scope after = with_fields(before, fields);
  if (same(before, after)) return {before, false};
  store::update_scope(connection, after);
  record(connection, context, "scope.update", "scope:" + after.name);
  return {after, true};
}

store::Scope require_scope(db::Connection& connection, const std::string& name) {
  if (auto scope = store::find_scope(connection, name)) return *scope;
  throw NotFound(fmt::format("there is no scope '{}'", text::escape_controls(name)), "oauth2ctl scope list");
}

}  // namespace

ScopeResult create_scope(const Context& context, const std::string& name, const ScopeFields& fields,
                         IfExists if_exists) {
  if (!protocol::is_scope_token(name)) {
    throw Refused(
        fmt::format("'{}' is not a scope name: visible ASCII without blank, \" and \\ (RFC 6749 3.3)",
                    text::escape_controls(name)));
  }
  if (name.size() > 100) throw Refused("the scope's name is longer than 100 bytes");
  return context.db.write([&](db::Connection& connection) -> ScopeResult {
    if (const auto there = store::find_scope(connection, name)) {
      if (if_exists == IfExists::keep) return {*there, false};
      if (if_exists == IfExists::update) return store_changes(connection, context, *there, fields);
      throw AlreadyExists(fmt::format("there is a scope {} already", name),
                          "--if-not-exists keeps it, --upsert updates it");
    }
    store::Scope scope;
    scope.name = name;
    scope.created_at = context.now;
    scope = with_fields(scope, fields);
    store::insert_scope(connection, scope);
    record(connection, context, "scope.create", "scope:" + name);
    return {scope, true};
  });
}

ScopeResult update_scope(const Context& context, const std::string& name, const ScopeFields& fields) {
  return context.db.write([&](db::Connection& connection) {
    return store_changes(connection, context, require_scope(connection, name), fields);
  });
}

ScopeResult delete_scope(const Context& context, const std::string& name) {
  return context.db.write([&](db::Connection& connection) -> ScopeResult {
    const store::Scope scope = require_scope(connection, name);
    const store::ScopeUse use = store::count_scope_use(connection, name, context.now);
    if (use.clients > 0 || use.tokens > 0) {
      throw AlreadyExists(
          fmt::format("scope {} is in use by {} clients and {} live tokens", name, use.clients, use.tokens),
          fmt::format("take it from the clients with 'oauth2ctl client update', and 'oauth2ctl token revoke "
                      "--scope {}'",
                      name));
    }
    store::delete_scope(connection, name);
    store::remove_scope_from_consents(connection, name);
    record(connection, context, "scope.delete", "scope:" + name);
    return {scope, true};
  });
}

store::Scope require_scope(const Context& context, const std::string& name) {
  return context.db.read([&](db::Connection& connection) { return require_scope(connection, name); });
}

std::vector<store::Scope> list_scopes(const Context& context) {
  return context.db.read([](db::Connection& connection) { return store::list_scopes(connection); });
}

std::vector<std::string> require_known_scopes(db::Connection& connection,
                                              const std::vector<std::string>& wanted) {
  std::vector<std::string> out;
  for (const std::string& item : wanted) {
    for (const std::string& name : text::words(item)) {
      if (!store::find_scope(connection, name)) {
        std::vector<std::string> known;
        for (const store::Scope& scope : store::list_scopes(connection)) known.push_back(scope.name);
        const std::string near = text::nearest(name, known);
        throw Refused(fmt::format("there is no scope '{}'", text::escape_controls(name)),
                      near.empty() ? fmt::format("oauth2ctl scope create {}", text::escape_controls(name))
                                   : fmt::format("did you mean '{}'?", near),
                      {"scopes", "unavailable", name});
      }
      if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
    }
  }
  return out;
}

}  // namespace oauth2::admin
