#pragma once

#include <string>
#include <vector>

#include "core/federation/presets.h"
#include "core/federation/sealing.h"
#include "core/store/providers.h"

namespace oauth2::federation {

// A provider as it is talked to: its own values on top of its preset's. "" where there is none; of OpenID
// Connect an URL that is "" is the one that discovery finds, and one that is here counts before it.
struct Resolved {
  const Preset* preset = nullptr;
  std::string name;
  std::string title;
  std::string issuer;
  std::string authorize_url;
  std::string token_url;
  std::string userinfo_url;
  std::string emails_url;  // GitHub: userinfo_url + /emails unless it was given
  std::string request_token_url;
  std::string signature_method;
  std::vector<std::string> scope;
  std::string client_id;
  std::string client_secret;
};

// Throws CannotOpen, and std::runtime_error for a preset that a newer version may know.
Resolved resolve(const store::Provider& provider, const ServerKey& key);

// The same without the secret, for those who only look.
Resolved resolve_public(const store::Provider& provider);

}  // namespace oauth2::federation
