#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/account/browser.h"
#include "core/protocol/check.h"

namespace oauth2::account {

// What a browser sent along with the request that a proxy holds back.
struct BrowserClaim {
  std::optional<std::string> cookie;
  std::optional<std::string> csrf_token;
  std::vector<std::string> methods;  // of that request, as one or more fields say
};

// As protocol::check; where the request says `session`, a person who is signed in passes too, whatever the
// scope, and by a method that may change something (one that is not known to be safe) only with the CSRF
// token of this very session. A token that came is judged alone: it never falls back to the session. Throws
// Error, forbidden_request for the CSRF rule.
protocol::Passed check(const Context& context, const protocol::BearerClaim& claim,
                       const protocol::CheckRequest& request, const BrowserClaim& browser_claim);

}  // namespace oauth2::account
