#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace oauth2::admin {

// What an administrator asked for is refused; nothing has changed. The hint is a command or a cause, or
// empty.
struct UserError : std::runtime_error {
  explicit UserError(const std::string& message, std::string error_hint = {})
      : std::runtime_error(message), hint(std::move(error_hint)) {}
  std::string hint;
};

struct NotFound : UserError {
  using UserError::UserError;
};
struct AlreadyExists : UserError {  // exists and differs, or something else stands in the way
  using UserError::UserError;
};
struct Refused : UserError {  // a value that cannot be
  using UserError::UserError;
};
struct Ambiguous : UserError {  // a name or an id prefix that fits several; the message lists their ids
  using UserError::UserError;
};

}  // namespace oauth2::admin
