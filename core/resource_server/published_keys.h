#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto/signing.h"
#include "core/fetch/fetch.h"
#include "core/json_document.h"
#include "core/resource_server/resource_server.h"

namespace oauth2::resource_server {

struct PublishedKey {
  std::string kid;
  crypto::PublicKey key;
};

// The keys of a JWK Set (RFC 7517 section 5) that signatures can be checked with. Others are left out:
// unknown types, for encryption, malformed, without `kid`. Throws WrongMember when it is no JWK Set.
std::vector<PublishedKey> read_keys(const JsonDocument& jwks);

// An issuer's keys, fetched when they are first needed, when they are old, and when a token names one that is
// not among them; that not too often, whatever tokens come. One thread fetches, the others wait or use what
// is there. Many threads may use it.
class PublishedKeys {
 public:
  explicit PublishedKeys(const JwtOptions& options);

  // nullopt: the issuer has no such key. Throws Unavailable when that cannot be known.
  std::optional<crypto::PublicKey> find(std::string_view kid, crypto::SigningAlgorithm algorithm);

 private:
  using Time = std::chrono::steady_clock::time_point;

  bool has(std::string_view kid) const;
  bool is_time_to_fetch(std::string_view kid, Time now);
  void fetch(std::unique_lock<std::mutex>& lock);
  std::vector<PublishedKey> fetch_keys();
  JsonDocument get(const std::string& url, const char* what);

  const JwtOptions options_;
  fetch::KeptConnections connections_{2};
  std::mutex mutex_;
  std::condition_variable fetched_;
  bool fetching_ = false;
  std::uint64_t fetches_ = 0;  // that have ended
  std::vector<PublishedKey> keys_;
  std::optional<Time> fetched_at_;            // when keys_ came
  std::optional<Time> failed_at_;             // when the last fetch failed; nullopt: it did not
  std::string failure_;                       // why
  std::optional<Time> asked_for_unknown_at_;  // when an unknown key was last worth a fetch
};

}  // namespace oauth2::resource_server
