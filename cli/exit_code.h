#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace oauth2::cli {

// What the program answers its caller; stable, in oauth2ctl(1).
enum class Exit {
  done = 0,
  failed = 1,
  usage = 2,
  not_found = 3,
  conflict = 4,
  refused = 5,
  inactive = 6,
  insufficient = 7,
  unavailable = 8,
  not_permitted = 9,
};

struct ExitMeaning {
  Exit exit;
  const char* code;     // in the JSON error object
  const char* meaning;  // in the man page
};
const ExitMeaning& meaning_of(Exit exit);

// A refusal that the terminal program itself decides on.
struct CommandError : std::runtime_error {
  CommandError(Exit error_exit, const std::string& message, std::string error_hint = {})
      : std::runtime_error(message), exit(error_exit), hint(std::move(error_hint)) {}
  Exit exit;
  std::string hint;
};

// The command line is wrong.
struct UsageError : CommandError {
  explicit UsageError(const std::string& message, std::string error_hint = {})
      : CommandError(Exit::usage, message, std::move(error_hint)) {}
};

struct Failure {
  Exit exit = Exit::failed;
  std::string message;
  std::string hint;
};

// What the exception being handled means to the caller: the one place where exceptions become exit codes.
Failure current_failure();

// "oauth2ctl: WHAT" and "  hint: …", or the same as a JSON object. Control characters are escaped.
std::string failure_text(const Failure& failure, bool as_json);

}  // namespace oauth2::cli
