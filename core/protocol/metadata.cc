#include "core/protocol/metadata.h"

#include <string>
#include <vector>

#include "core/json_text.h"
#include "core/protocol/grant.h"
#include "core/protocol/registration.h"
#include "core/store/scopes.h"

namespace oauth2::protocol {
namespace {

std::vector<std::string> public_scopes(const Context& context) {
  std::vector<std::string> names;
  for (const store::Scope& scope :
       context.db.read_latest([](db::Connection& c) { return store::list_scopes(c); })) {
    if (!scope.internal) names.push_back(scope.name);
  }
  return names;
}

std::vector<std::string> auth_methods(bool with_public_clients) {
  std::vector<std::string> names = registrable_auth_methods();
  if (!with_public_clients) std::erase(names, "none");
  return names;
}

}  // namespace

Answer metadata(const Context& context) {
  const std::string& issuer = context.settings.issuer;
  std::vector<std::string> grant_types;
  bool any_for_public = false;
  for (const Grant* grant : all_grants()) {
    if (!grant->offered) continue;
    grant_types.emplace_back(grant->type);
    any_for_public |= !grant->confidential_only;
  }
  JsonText document;
  document.member("issuer", issuer);
  document.member("token_endpoint", issuer + "/oauth/token");
  document.member("token_endpoint_auth_methods_supported", auth_methods(any_for_public));
  document.member("introspection_endpoint", issuer + "/oauth/introspect");
  document.member("introspection_endpoint_auth_methods_supported", auth_methods(false));
  document.member("revocation_endpoint", issuer + "/oauth/revoke");
  document.member("revocation_endpoint_auth_methods_supported", auth_methods(true));
  document.member("grant_types_supported", grant_types);
  document.member("response_types_supported",
                  std::vector<std::string>());  // required, though there is none yet
  document.member("scopes_supported", public_scopes(context));
  return {document.take()};
}

}  // namespace oauth2::protocol
