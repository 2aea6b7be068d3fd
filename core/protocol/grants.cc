#include <algorithm>

#include "core/protocol/error.h"
#include "core/protocol/grant.h"
#include "core/protocol/scope.h"
#include "core/store/scopes.h"

namespace oauth2::protocol {

extern const Grant authorization_code_grant;
extern const Grant client_credentials_grant;
extern const Grant device_code_grant;
extern const Grant password_grant;
extern const Grant refresh_token_grant;

const std::vector<const Grant*>& all_grants() {
  static const std::vector<const Grant*> grants = {
      &authorization_code_grant, &refresh_token_grant, &client_credentials_grant,
      &password_grant,           &device_code_grant,
  };
  return grants;
}

const Grant* find_grant(std::string_view type) {
  for (const Grant* grant : all_grants()) {
    if (grant->type == type) return grant;
  }
  return nullptr;
}

namespace {

// Takes out of `scope` what does not exist, and what is for internal clients unless the client is one.
void keep_available(db::Connection& connection, const store::Client& client,
                    std::vector<std::string>& scope) {
  const std::vector<store::Scope> found = store::find_scopes(connection, scope);
  std::erase_if(scope, [&](const std::string& name) {
    return std::none_of(found.begin(), found.end(), [&](const store::Scope& each) {
      return each.name == name && (!each.internal || client.internal);
    });
  });
}

std::vector<std::string> registered_scope(db::Connection& connection, const store::Client& client) {
  if (!client.scope.empty()) return client.scope;
  std::vector<std::string> defaults;
  for (const store::Scope& scope : store::list_scopes(connection)) {
    if (scope.is_default) defaults.push_back(scope.name);
  }
  return defaults;
}

}  // namespace

std::vector<std::string> granted_scope(db::Connection& connection, const store::Client& client,
                                       const std::optional<std::string>& requested) {
  const std::vector<std::string> registered = registered_scope(connection, client);
  if (!requested) {
    // What an administrator made internal later is left out, not refused: nobody asked for it.
    std::vector<std::string> scope = client.default_scope.empty() ? registered : client.default_scope;
    keep_available(connection, client, scope);
    return scope;
  }
  const auto scope = parse_scope(*requested);
  if (!scope) throw Error(invalid_scope, "scope is malformed");
  if (!covers(registered, *scope))
    throw Error(invalid_scope, "scope has one that the client is not registered for");
  auto available = *scope;
  keep_available(connection, client, available);
  if (available.size() != scope->size())
    throw Error(invalid_scope, "scope has one that is for internal clients");
  return *scope;
}

std::vector<std::string> requestable_scope(db::Connection& connection, const store::Client& client) {
  std::vector<std::string> scope = registered_scope(connection, client);
  keep_available(connection, client, scope);
  return scope;
}

std::vector<std::string> remaining_scope(db::Connection& connection, const store::Client& client,
                                         std::vector<std::string> granted) {
  const bool had_any = !granted.empty();
  const std::vector<std::string> registered = registered_scope(connection, client);
  std::erase_if(granted, [&](const std::string& name) { return !covers(registered, {name}); });
  keep_available(connection, client, granted);
  if (had_any && granted.empty())
    throw Error(invalid_scope, "the client may have none of the scope any more");
  return granted;
}

}  // namespace oauth2::protocol
