#include "core/protocol/registration.h"

namespace oauth2::protocol {

const std::vector<GrantType>& registrable_grant_types() {
  static const std::vector<GrantType> types = {
      {"authorization_code", "code", false},
      {"implicit", "token", false},
      {"refresh_token", "", false},
      {"client_credentials", "", true},
      {"password", "", true},
      {"urn:ietf:params:oauth:grant-type:device_code", "", false},
  };
  return types;
}

std::string_view full_grant_type(std::string_view name) {
  if (name == "device_code") name = "urn:ietf:params:oauth:grant-type:device_code";
  for (const GrantType& type : registrable_grant_types()) {
    if (type.name == name) return type.name;
  }
  return "";
}

const std::vector<std::string>& registrable_auth_methods() {
  static const std::vector<std::string> methods = {"client_secret_basic", "client_secret_post", "none"};
  return methods;
}

const std::vector<std::string>& signing_algs() {
  static const std::vector<std::string> algs = {"EdDSA", "ES256", "RS256"};
  return algs;
}

}  // namespace oauth2::protocol
