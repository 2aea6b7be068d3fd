#include "server/client_guide.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/protocol/params.h"
#include "core/protocol/registration.h"
#include "server/route_table.h"

namespace oauth2::server {
namespace {

bool asks_in_browser(const store::Client& client) { return !client.response_types.empty(); }

bool pushes(const Settings& settings, const store::Client& client) {
  return asks_in_browser(client) && (settings.require_par || client.require_par);
}

// RFC 8414 section 3.1: between host and path.
std::string metadata_url(const std::string& issuer) {
  const auto path = issuer.find('/', issuer.find("://") + 3);
  if (path == issuer.npos) return fmt::format("{}{}", issuer, metadata_path);
  return fmt::format("{}{}{}", issuer.substr(0, path), metadata_path, issuer.substr(path));
}

}  // namespace

std::vector<ClientEndpoint> endpoints_of(const Settings& settings, const store::Client& client) {
  const std::string& issuer = settings.issuer;
  std::vector<ClientEndpoint> endpoints = {{"issuer", issuer}, {"metadata", metadata_url(issuer)}};
  const auto add = [&](std::string_view key, std::string_view path, bool is_used) {
    if (is_used) endpoints.push_back({key, fmt::format("{}{}", issuer, path)});
  };
  const auto& grants = client.grant_types;
  const bool gets_tokens =
      std::any_of(grants.begin(), grants.end(), [](const auto& grant) { return grant != "implicit"; });
  add("authorization", "/oauth/authorize", asks_in_browser(client));
  add("par", "/oauth/par", pushes(settings, client));
  add("device", "/oauth/device_authorization", client.has_grant(protocol::full_grant_type("device_code")));
  add("token", "/oauth/token", gets_tokens);
  add("revocation", "/oauth/revoke", true);
  add("introspection", "/oauth/introspect", !client.is_public());
  return endpoints;
}

bool requires_pkce(const Settings& settings, const store::Client& client) {
  return client.is_public() || settings.require_pkce == "all";
}

std::string example_request(const Settings& settings, const store::Client& client,
                            const std::vector<store::Scope>& scopes) {
  const bool has_code = client.has_grant("authorization_code") && !client.redirect_uris.empty();
  if (!has_code || pushes(settings, client)) return "";
  std::string scope;
  for (const store::Scope& each : scopes) scope += (scope.empty() ? "" : " ") + each.name;
  std::string url =
      fmt::format("{}/oauth/authorize?response_type=code&client_id={}&redirect_uri={}", settings.issuer,
                  protocol::form_encode(client.id), protocol::form_encode(client.redirect_uris.front()));
  if (!scope.empty()) url += "&scope=" + protocol::form_encode(scope);
  return url + "&state=STATE&code_challenge=CHALLENGE&code_challenge_method=S256";
}

}  // namespace oauth2::server
