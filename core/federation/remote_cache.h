#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/crypto/signing.h"
#include "core/federation/presets.h"

namespace oauth2::federation {

// What is needed of OpenID Connect's discovery document (OpenID Connect Discovery 1.0 section 3).
struct Metadata {
  std::string issuer;
  std::string authorization_endpoint;
  std::string token_endpoint;
  std::string userinfo_endpoint;  // "" for none
  std::string jwks_uri;
  std::optional<ClientAuth> client_auth;  // where it says how it knows a client by a secret
  bool authorization_response_iss_parameter_supported = false;  // RFC 9207
};

// A key that a provider publishes (RFC 7517), "" for a member that is absent.
struct RemoteKey {
  std::string kid;
  std::string alg;
  crypto::Jwk jwk;
};

// What providers said of themselves, by URL, for ten minutes: one a process. Many threads may use it; each
// asks the provider while it holds no lock.
class RemoteCache {
 public:
  struct Keys {
    std::vector<RemoteKey> keys;
    std::int64_t fetched_at = 0;
  };

  std::optional<Metadata> find_metadata(const std::string& issuer, std::int64_t now) const;
  void keep(const std::string& issuer, const Metadata& metadata, std::int64_t now);
  std::optional<Keys> find_keys(const std::string& jwks_uri, std::int64_t now) const;
  void keep(const std::string& jwks_uri, const Keys& keys);

 private:
  struct KeptMetadata {
    Metadata metadata;
    std::int64_t fetched_at = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::string, KeptMetadata> metadata_;
  std::map<std::string, Keys> keys_;
};

}  // namespace oauth2::federation
