#include "core/protocol/metadata.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/protocol/grant.h"
#include "core/protocol/registration.h"
#include "core/store/scopes.h"

namespace oauth2::protocol {
namespace {

nlohmann::ordered_json public_scopes(const Context& context) {
  auto names = nlohmann::ordered_json::array();
  for (const store::Scope& scope : context.db.read([](db::Connection& c) { return store::list_scopes(c); })) {
    if (!scope.internal) names.push_back(scope.name);
  }
  return names;
}

nlohmann::ordered_json auth_methods(bool with_public_clients) {
  auto names = nlohmann::ordered_json::array();
  for (const std::string& method : registrable_auth_methods()) {
    if (with_public_clients || method != "none") names.push_back(method);
  }
  return names;
}

}  // namespace

Answer metadata(const Context& context) {
  const std::string& issuer = context.settings.issuer;
  nlohmann::ordered_json document;
  document["issuer"] = issuer;
  document["token_endpoint"] = issuer + "/oauth/token";
  const auto& grants = all_grants();
  const bool any_for_public =
      std::any_of(grants.begin(), grants.end(), [](const Grant* grant) { return !grant->confidential_only; });
  document["token_endpoint_auth_methods_supported"] = auth_methods(any_for_public);
  document["introspection_endpoint"] = issuer + "/oauth/introspect";
  document["introspection_endpoint_auth_methods_supported"] = auth_methods(false);
  document["revocation_endpoint"] = issuer + "/oauth/revoke";
  document["revocation_endpoint_auth_methods_supported"] = auth_methods(true);
  document["grant_types_supported"] = nlohmann::ordered_json::array();
  for (const Grant* grant : grants) document["grant_types_supported"].push_back(grant->type);
  document["response_types_supported"] =
      nlohmann::ordered_json::array();  // required, though there is none yet
  document["scopes_supported"] = public_scopes(context);
  return {document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

}  // namespace oauth2::protocol
