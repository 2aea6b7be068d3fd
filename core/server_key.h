#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "core/settings.h"

namespace oauth2 {

// The server's key cannot be had; the message names the place and never what is there.
struct ServerKeyError : std::runtime_error {
  explicit ServerKeyError(const std::string& message, std::string error_hint = {})
      : std::runtime_error(message), hint(std::move(error_hint)) {}
  std::string hint;  // what to do about it, for people
};

// Where the server's key is: what the setting says (file:PATH, env:NAME, credential:NAME), else the file
// beside the database's own. Nullopt where neither is: a database server and no setting.
std::optional<std::string> server_key_source(const Settings& settings,
                                             const std::optional<std::string>& database_file);

// The server's key from such a place, without white space at its ends: a secret that only derive_key is
// given, with another `info` for each use. Throws ServerKeyError where it is missing, shorter than 32
// characters, or in a file that others can read.
std::string read_server_key(std::string_view source);

// The same of a text that somebody handed over; `place` is for the message.
std::string checked_server_key(std::string_view text, const std::string& place);

}  // namespace oauth2
