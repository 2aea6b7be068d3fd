#pragma once

#include <stdexcept>
#include <string>

namespace oauth2::fetch {

// Why there is no answer. The message names the server at most: never a query, a header field or a body.
struct Error : std::runtime_error {
  enum class Kind { not_allowed, cannot_connect, tls, timed_out, lost, too_large, malformed };
  Error(Kind error_kind, const std::string& message) : std::runtime_error(message), kind(error_kind) {}
  Kind kind;
};

}  // namespace oauth2::fetch
