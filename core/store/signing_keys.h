#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/connection.h"

namespace oauth2::store {

// A key that JWTs are signed with. It signs until it is retired, and is published until it expires.
struct SigningKey {
  std::string kid;
  std::string algorithm;       // EdDSA, ES256, RS256
  std::string public_jwk;      // the JSON object that is published
  std::string private_sealed;  // see core/protocol/key_seal.h
  std::int64_t created_at = 0;
  std::optional<std::int64_t> retired_at;
  std::optional<std::int64_t> expires_at;

  // What was retired at once is never published again, whatever the clock says.
  bool is_published(std::int64_t now) const {
    return !expires_at || (*expires_at > now && *expires_at > retired_at.value_or(0));
  }
};

void insert_signing_key(db::Connection& connection, const SigningKey& key);  // db::Conflict: the kid is taken

std::optional<SigningKey> find_signing_key(db::Connection& connection, std::string_view kid);
std::vector<SigningKey> list_signing_keys(db::Connection& connection);  // newest first; expired ones too
std::vector<SigningKey> list_signing_keys_by_kid_prefix(db::Connection& connection, std::string_view prefix);

// The documents of those that are published, newest first.
std::vector<std::string> list_public_jwks(db::Connection& connection, std::int64_t now);

// The algorithm of the deployment: of the last rotation that named one, else EdDSA.
std::string find_signing_algorithm(db::Connection& connection);
void put_signing_algorithm(db::Connection& connection, std::string_view algorithm);

// Which key signs now: the newest of the algorithm (absent: the deployment's) that is not retired. The
// algorithm is answered in any case, the kid where there is such a key.
struct CurrentSigningKey {
  std::string algorithm;
  std::optional<std::string> kid;
};
CurrentSigningKey find_current_signing_key(db::Connection& connection,
                                           const std::optional<std::string>& algorithm);

// No longer signs, is published until `expires_at`.
void retire_signing_key(db::Connection& connection, std::string_view kid, std::int64_t now,
                        std::int64_t expires_at);
void update_private_sealed(db::Connection& connection, std::string_view kid, std::string_view private_sealed);

// Deletes at most `most` that expired before `before`; answers how many.
std::int64_t delete_expired_signing_keys(db::Connection& connection, std::int64_t before, std::int64_t most);
std::int64_t count_expired_signing_keys(db::Connection& connection, std::int64_t before);

}  // namespace oauth2::store
