#pragma once

#include <string>

#include "core/federation/discovery.h"
#include "core/federation/identity.h"

namespace oauth2::federation {

// Who it is, by a document in the provider's way of writing. Values that nobody could mean are left out;
// Failure(no_identity) where it does not say who.
Identity read_identity(const Preset& preset, const JsonDocument& document);

// The document that the userinfo endpoint has for this token.
JsonDocument ask_for_userinfo(const Remote& remote, const Endpoints& endpoints,
                              const std::string& access_token);

// Who signed in at an OpenID provider, by an ID token that has been verified and by userinfo, where there is
// one: its values count first, and it must be about the same subject.
Identity openid_identity(const Remote& remote, const Endpoints& endpoints, const JsonDocument& claims,
                         const std::string& access_token);

// Who signed in at another one.
Identity oauth2_identity(const Remote& remote, const Endpoints& endpoints, const JsonDocument& token_response,
                         const std::string& access_token);

}  // namespace oauth2::federation
