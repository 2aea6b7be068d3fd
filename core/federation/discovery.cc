#include "core/federation/discovery.h"

#include <algorithm>

#include "core/fetch/url.h"

namespace oauth2::federation {
namespace {

constexpr std::int64_t least_seconds_between = 10;
constexpr std::size_t most_keys = 100;

// What comes from the provider is asked, and people are sent there. Plain http leads to this machine, and a
// provider elsewhere has no business at the services that run here.
std::string checked_url(std::string_view name, const std::string& url, const std::string& issuer) {
  const std::string whose = "discovery document: " + std::string(name) + ": ";
  try {
    const fetch::Url parsed = fetch::parse_url(url);
    if (parsed.is_https || parsed.origin() == fetch::parse_url(issuer).origin()) return url;
  } catch (const fetch::Error& error) {
    throw Failure(FailureKind::bad_answer, whose + error.what());
  }
  throw Failure(FailureKind::bad_answer, whose + "plain http is for the issuer's own origin");
}

// Absent where neither of the two is named.
std::optional<ClientAuth> client_auth_of(const std::vector<std::string>& methods) {
  const auto names = [&](std::string_view method) {
    return std::find(methods.begin(), methods.end(), method) != methods.end();
  };
  if (names("client_secret_basic")) return ClientAuth::header;
  if (names("client_secret_post")) return ClientAuth::form;
  return std::nullopt;
}

Metadata read_metadata(const JsonDocument& document, const std::string& issuer) {
  Metadata metadata;
  metadata.issuer = document.require_text("issuer");
  if (metadata.issuer != issuer)
    throw Failure(FailureKind::bad_answer, "discovery document: it is of another issuer");
  const auto url = [&](std::string_view name) {
    return checked_url(name, document.require_text(name), issuer);
  };
  metadata.authorization_endpoint = url("authorization_endpoint");
  metadata.token_endpoint = url("token_endpoint");
  metadata.jwks_uri = url("jwks_uri");
  if (document.has("userinfo_endpoint")) metadata.userinfo_endpoint = url("userinfo_endpoint");
  metadata.client_auth = client_auth_of(
      document.texts("token_endpoint_auth_methods_supported").value_or(std::vector<std::string>()));
  metadata.authorization_response_iss_parameter_supported =
      document.flag("authorization_response_iss_parameter_supported").value_or(false);
  return metadata;
}

Metadata find_metadata(const Remote& remote) {
  const std::string& issuer = remote.provider.issuer;
  if (auto known = remote.outside.cache.find_metadata(issuer, remote.now)) return std::move(*known);
  fetch::Request request;
  request.url = issuer.substr(0, issuer.find_last_not_of('/') + 1) + "/.well-known/openid-configuration";
  const Metadata metadata =
      read_metadata(ask_for_document(remote, "discovery document", std::move(request)), issuer);
  remote.outside.cache.keep(issuer, metadata, remote.now);
  return metadata;
}

// Absent for a key that cannot have signed an ID token.
std::optional<RemoteKey> read_key(const JsonDocument& key) {
  if (key.word("use").value_or("sig") != "sig") return std::nullopt;
  const auto value = [&](std::string_view name) { return key.word(name).value_or(""); };
  return RemoteKey{value("kid"),
                   value("alg"),
                   {value("kty"), value("crv"), value("x"), value("y"), value("n"), value("e")}};
}

}  // namespace

Endpoints find_endpoints(const Remote& remote) {
  const Resolved& own = remote.provider;
  Endpoints endpoints{own.issuer, own.authorize_url,       own.token_url, own.userinfo_url,
                      "",         own.preset->client_auth, false};
  if (own.preset->kind != Kind::oidc) return endpoints;
  const Metadata metadata = find_metadata(remote);
  const auto fill = [](std::string& url, const std::string& found) {
    if (url.empty()) url = found;
  };
  fill(endpoints.authorize_url, metadata.authorization_endpoint);
  fill(endpoints.token_url, metadata.token_endpoint);
  fill(endpoints.userinfo_url, metadata.userinfo_endpoint);
  endpoints.jwks_url = metadata.jwks_uri;
  endpoints.client_auth = metadata.client_auth.value_or(own.preset->client_auth);
  endpoints.iss_is_required = metadata.authorization_response_iss_parameter_supported;
  return endpoints;
}

std::vector<RemoteKey> find_keys(const Remote& remote, const std::string& jwks_url, bool anew) {
  const auto known = remote.outside.cache.find_keys(jwks_url, remote.now);
  if (known && (!anew || remote.now - known->fetched_at < least_seconds_between)) return known->keys;
  fetch::Request request;
  request.url = jwks_url;
  RemoteCache::Keys found;
  found.fetched_at = remote.now;
  for (const JsonDocument& document : ask_for_document(remote, "JWKS", std::move(request)).objects("keys")) {
    auto key = read_key(document);
    if (key && found.keys.size() < most_keys) found.keys.push_back(std::move(*key));
  }
  remote.outside.cache.keep(jwks_url, found);
  return found.keys;
}

}  // namespace oauth2::federation
