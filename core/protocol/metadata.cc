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
    if (!grant->is_offered(context.settings)) continue;
    grant_types.emplace_back(grant->type);
    any_for_public |= !grant->confidential_only;
  }
  grant_types.emplace_back("implicit");  // not of the token endpoint
  JsonText document;
  document.member("issuer", issuer);
  document.member("authorization_endpoint", issuer + "/oauth/authorize");
  document.member("pushed_authorization_request_endpoint", issuer + "/oauth/par");
  if (context.settings.require_par) document.member("require_pushed_authorization_requests", true);
  document.member("token_endpoint", issuer + "/oauth/token");
  document.member("token_endpoint_auth_methods_supported", auth_methods(any_for_public));
  document.member("introspection_endpoint", issuer + "/oauth/introspect");
  document.member("introspection_endpoint_auth_methods_supported", auth_methods(false));
  document.member("introspection_signing_alg_values_supported", signing_algs());  // RFC 9701 section 7
  document.member("revocation_endpoint", issuer + "/oauth/revoke");
  document.member("revocation_endpoint_auth_methods_supported", auth_methods(true));
  document.member("device_authorization_endpoint", issuer + "/oauth/device_authorization");
  document.member("jwks_uri", issuer + "/oauth/jwks");
  document.member("grant_types_supported", grant_types);
  document.member("response_types_supported", std::vector<std::string>{"code", "token"});
  document.member("response_modes_supported", std::vector<std::string>{"query", "fragment"});
  document.member("code_challenge_methods_supported", std::vector<std::string>{"S256"});
  document.member("authorization_response_iss_parameter_supported", true);
  document.member("scopes_supported", public_scopes(context));
  return {document.take()};
}

}  // namespace oauth2::protocol
