#pragma once

#include <string>

#include "core/federation/remote.h"

namespace oauth2::federation {

// Where a provider is to be asked what, and how.
struct Endpoints {
  std::string issuer;  // "" for a provider that has none
  std::string authorize_url;
  std::string token_url;
  std::string userinfo_url;  // "" for none
  std::string jwks_url;      // of an OpenID provider
  ClientAuth client_auth = ClientAuth::header;
  bool iss_is_required = false;  // in its answers by the browser (RFC 9207)
};

// What the provider's row and preset say, and for the rest of an OpenID provider its discovery document,
// which must be of the issuer exactly.
Endpoints find_endpoints(const Remote& remote);

// The keys that the provider publishes, from the cache. With `anew` it is asked again, unless it was ten
// seconds ago.
std::vector<RemoteKey> find_keys(const Remote& remote, const std::string& jwks_url, bool anew);

}  // namespace oauth2::federation
