#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/protocol/bearer.h"
#include "core/protocol/context.h"

namespace oauth2::protocol {

// What a reverse proxy asks about a request that it holds back: in the query, which its administrator wrote.
struct CheckRequest {
  Requirement requirement;
  bool optional = false;  // a request without a token passes
  bool session = false;   // a person who is signed in passes too
};

// From the query: `scope` (may repeat), `resource`, `optional`, `session`. Throws Error(forbidden_request)
// for anything that is not understood, an unknown parameter and a scope without a word too: a slip in the
// proxy's configuration must not open what it was meant to close.
CheckRequest read_check_request(std::string_view query);

// Whose request it is, for the API behind the proxy; all absent where nobody is known.
struct Passed {
  std::optional<std::string> username;
  std::optional<std::string> client_id;
  std::optional<std::string> scope;
  std::optional<std::string> token_id;
};

// Throws Error as require_bearer does. A token that came is judged, also where none is needed.
Passed check(const Context& context, const BearerClaim& claim, const CheckRequest& request);

}  // namespace oauth2::protocol
