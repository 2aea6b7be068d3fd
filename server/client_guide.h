#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/settings.h"
#include "core/store/clients.h"
#include "core/store/scopes.h"

// What the developer of a client needs to know of this server.
namespace oauth2::server {

struct ClientEndpoint {
  std::string_view key;  // of the text client_endpoint_KEY
  std::string url;
};
// Those that a client of its kind may use, the issuer first.
std::vector<ClientEndpoint> endpoints_of(const Settings& settings, const store::Client& client);

bool requires_pkce(const Settings& settings, const store::Client& client);

// The URL of an authorization request of it, with STATE and CHALLENGE to be filled in; "" for a client that
// makes none in a browser's address.
std::string example_request(const Settings& settings, const store::Client& client,
                            const std::vector<store::Scope>& scopes);

}  // namespace oauth2::server
