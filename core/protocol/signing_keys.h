#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/crypto/signing.h"

namespace oauth2::protocol {

struct Context;
struct Answer;

struct SigningKey {
  std::string kid;
  crypto::PrivateKey key;
};

// The private keys that sign now, opened; one a process, for all threads.
class SigningKeys {
 public:
  std::optional<SigningKey> find(crypto::SigningAlgorithm algorithm, std::string_view kid) const;
  void put(const SigningKey& key);  // in place of the algorithm's last one

  // Held while a missing one is made: RSA takes a core for a while, and one is enough.
  std::mutex making;

 private:
  mutable std::mutex mutex_;
  std::array<std::optional<SigningKey>, 3> keys_;  // by algorithm
};

// The key that signs with this algorithm (absent: the deployment's) according to the database, which is asked
// each time: a rotation counts from the next request on. Made and stored when there is none yet. Not within a
// write. Throws ServerKeyError, CannotOpen, db::Error.
SigningKey require_signing_key(const Context& context, std::optional<std::string_view> algorithm);

// Makes and opens those that this server always has: the deployment's, and RS256, which every resource server
// knows (RFC 9068 section 2.1). Throws as require_signing_key.
void prepare_signing_keys(const Context& context);

// RFC 7517 section 5: the public keys of all that may still have signed a token that lives.
Answer jwks(const Context& context);

}  // namespace oauth2::protocol
