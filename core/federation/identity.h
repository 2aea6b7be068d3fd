#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace oauth2::federation {

// Who signed in, as the provider says.
struct Identity {
  std::string subject;  // who it is there, for ever
  std::optional<std::string> username;
  std::optional<std::string> name;
  std::optional<std::string> email;
  bool email_verified = false;  // by the provider
};

// What the deployment may act with there.
struct RemoteTokens {
  std::string access_token;
  std::optional<std::string> refresh_token;
  std::optional<std::string> token_secret;  // OAuth 1.0a
  std::optional<std::string> scope;
  std::optional<std::int64_t> expires_at;  // of the access token; absent: unknown or never
};

}  // namespace oauth2::federation
