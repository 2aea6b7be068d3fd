#pragma once

#include <string>

#include "core/federation/discovery.h"
#include "core/federation/identity.h"

namespace oauth2::federation {

// What the browser carries to an OAuth 2.0 or OpenID provider.
struct AuthorizationRequest {
  std::string redirect_uri;
  std::string state;
  std::string nonce;          // OpenID Connect; "" for none, here and below
  std::string code_verifier;  // RFC 7636: only its hash goes there
};
std::string authorization_url(const Remote& remote, const Endpoints& endpoints,
                              const AuthorizationRequest& request);

struct TokenAnswer {
  RemoteTokens tokens;
  JsonDocument document;  // the whole response
};

// Both throw Failure(token_refused) where the provider answers an error, with whatever status.
TokenAnswer redeem_code(const Remote& remote, const Endpoints& endpoints, const std::string& code,
                        const AuthorizationRequest& request);
RemoteTokens refresh_tokens(const Remote& remote, const Endpoints& endpoints,
                            const std::string& refresh_token);

}  // namespace oauth2::federation
