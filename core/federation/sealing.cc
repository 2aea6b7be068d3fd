#include "core/federation/sealing.h"

#include <fmt/format.h>

#include "core/crypto/seal.h"
#include "core/server_key.h"

namespace oauth2::federation {
namespace {

// A sealed secret cannot be moved to another provider's row.
std::string place_of(std::string_view provider_name) { return fmt::format("providers/{}", provider_name); }

}  // namespace

ServerKey derive_server_key(std::string_view server_key) {
  return {crypto::derive_key(server_key, "", "provider secrets"),
          crypto::derive_key(server_key, "", "remote tokens")};
}

ServerKey require_server_key(const Settings& settings, const db::Database& db) {
  const auto source = server_key_source(settings, db::database_file(db.url()));
  if (!source) {
    throw ServerKeyError("providers need the server's key, and no server_key is set",
                         "server_key = \"file:PATH\" in the configuration, with 32 random characters in it");
  }
  return derive_server_key(read_server_key(*source));
}

std::string seal_provider_secret(const ServerKey& key, std::string_view provider_name,
                                 std::string_view secret) {
  return crypto::seal(key.provider_secrets, secret, place_of(provider_name));
}

std::string open_provider_secret(const ServerKey& key, const store::Provider& provider) {
  auto secret = crypto::open(key.provider_secrets, provider.secret_sealed, place_of(provider.name));
  if (!secret) {
    throw CannotOpen(
        fmt::format("the secret of provider {} does not open with the server's key at hand", provider.name));
  }
  return std::move(*secret);
}

}  // namespace oauth2::federation
