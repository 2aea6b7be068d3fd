#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/exit_code.h"

namespace oauth2::cli {

// What the one request that counts must look like.
struct ExpectedCallback {
  std::string path;
  std::string state;
  std::string issuer;
  bool iss_is_required = false;  // RFC 9207
};

// What to say to a browser, and what its request brought.
struct CallbackVerdict {
  int status = 200;
  std::string page;  // plain text
  bool is_last = false;
  std::string code;  // unless there is a failure
  std::optional<CommandError> failure;
};

// RFC 6749 section 4.1.2. Only a request with our `state` can end the wait: every page in the browser can
// send others here.
CallbackVerdict judge_callback(const ExpectedCallback& expected, std::string_view method,
                               std::string_view target);

}  // namespace oauth2::cli
