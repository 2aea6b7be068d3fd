#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/crypto/signing.h"
#include "core/db/database.h"
#include "core/settings.h"
#include "core/store/signing_keys.h"

// How a private key lies in the database: `sealed:` and AES-256-GCM of its PKCS #8 under a key that is
// derived from the server's, bound to its kid; or, only where a database server is used and no server_key is
// set, `plain:` and base64url.
namespace oauth2::protocol {

// Sealed under another server's key, or damaged.
struct CannotOpen : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What signing keys are sealed under, from the server's key.
std::string derive_sealing_key(std::string_view server_key);

// The same from where the settings say that key is; nullopt where there is none and none is needed. Throws
// ServerKeyError.
std::optional<std::string> find_sealing_key(const Settings& settings, const db::Database& db);

// True where keys would lie unsealed.
bool lacks_server_key(const Settings& settings, const db::Database& db);

bool is_sealed(const store::SigningKey& key);

// A new one whose kid can stand on a command line: it does not begin with a dash.
crypto::PrivateKey make_private_key(crypto::SigningAlgorithm algorithm);

// A row for it, made now.
store::SigningKey signing_key_row(const crypto::PrivateKey& key,
                                  const std::optional<std::string>& sealing_key, std::int64_t now);

std::string seal_private_key(const crypto::PrivateKey& key, std::string_view kid,
                             const std::optional<std::string>& sealing_key);

// Throws CannotOpen.
crypto::PrivateKey open_private_key(const store::SigningKey& key,
                                    const std::optional<std::string>& sealing_key);

}  // namespace oauth2::protocol
