#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/admin/context.h"
#include "core/store/scopes.h"

namespace oauth2::admin {

struct ScopeFields {
  std::optional<std::string> description;
  std::optional<std::string> group;  // "" takes it away
  std::optional<bool> internal;
  std::optional<bool> is_default;
};

struct ScopeResult {
  store::Scope scope;
  bool changed = false;
};

ScopeResult create_scope(const Context& context, const std::string& name, const ScopeFields& fields,
                         IfExists if_exists);
ScopeResult update_scope(const Context& context, const std::string& name, const ScopeFields& fields);
// Refused (AlreadyExists) while clients or live tokens have it: without it, a client registered for it alone
// would fall back to the default scopes, and a scope made later under this name would revive.
ScopeResult delete_scope(const Context& context, const std::string& name);

store::Scope require_scope(const Context& context, const std::string& name);
std::vector<store::Scope> list_scopes(const Context& context);

// The words of `wanted`, each once and in order. Refused when one is not a scope-token (RFC 6749 section 3.3)
// or unknown, with the nearest known name as a hint.
std::vector<std::string> require_known_scopes(db::Connection& connection,
                                              const std::vector<std::string>& wanted);

}  // namespace oauth2::admin
