#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "core/db/database.h"
#include "core/settings.h"
#include "core/store/providers.h"

// What of other services lies in the database lies there sealed, under keys that are made from the server's.
namespace oauth2::federation {

struct ServerKey {
  std::string provider_secrets;  // of the deployment, at its providers
  std::string remote_tokens;     // of people, there
};

ServerKey derive_server_key(std::string_view server_key);

// From where the settings say that the server's key is. Throws ServerKeyError: where it is missing, nothing
// is kept unsealed instead.
ServerKey require_server_key(const Settings& settings, const db::Database& db);

// Sealed under another server's key, or damaged.
struct CannotOpen : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string seal_provider_secret(const ServerKey& key, std::string_view provider_name,
                                 std::string_view secret);
std::string open_provider_secret(const ServerKey& key, const store::Provider& provider);  // throws CannotOpen

}  // namespace oauth2::federation
