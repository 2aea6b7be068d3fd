#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
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

// Which value it is and why it cannot be, in stable words, for those who say it in other ones: a page, in the
// visitor's language.
struct Problem {
  std::string_view field;  // as the forms of http.md name it; "": of none
  std::string_view key;    // "" where it is the administrator's alone
  std::string value;       // the one of several that it is about, such as a redirect URI; a limit
};
struct Refused : UserError {  // a value that cannot be
  explicit Refused(const std::string& message, std::string error_hint = {}, Problem its_problem = {})
      : UserError(message, std::move(error_hint)), problem(std::move(its_problem)) {}
  Problem problem;
};
struct Ambiguous : UserError {  // a name or an id prefix that fits several; the message lists their ids
  using UserError::UserError;
};

}  // namespace oauth2::admin
