#include "core/account/check.h"

#include <algorithm>

#include "core/protocol/error.h"

namespace oauth2::account {
namespace {

using protocol::Error;

// RFC 9110 section 9.2.1, but for TRACE.
bool is_safe(const std::string& method) { return method == "GET" || method == "HEAD" || method == "OPTIONS"; }

// A client may send such a field itself, and a proxy add its own: it is safe only when all say so.
bool is_safe(const std::vector<std::string>& methods) {
  return !methods.empty() &&
         std::all_of(methods.begin(), methods.end(), [](const std::string& one) { return is_safe(one); });
}

void require_csrf(const Context& context, const Browser& browser, const BrowserClaim& claim) {
  if (!claim.csrf_token) throw Error(protocol::forbidden_request, "X-CSRF-Token is missing");
  if (!is_csrf_token(context, browser, *claim.csrf_token))
    throw Error(protocol::forbidden_request, "X-CSRF-Token has expired or is not of this session");
}

}  // namespace

protocol::Passed check(const Context& context, const protocol::BearerClaim& claim,
                       const protocol::CheckRequest& request, const BrowserClaim& browser_claim) {
  if (!request.session || protocol::carries_token(context, claim))
    return protocol::check(context, claim, request);
  Browser browser = recognise(context, browser_claim.cookie);
  if (!browser.session) {
    if (request.optional) return {};
    throw Error(protocol::missing_token, "neither a bearer token nor a signed-in browser came");
  }
  if (!is_safe(browser_claim.methods)) require_csrf(context, browser, browser_claim);
  return {std::move(browser.session->username), std::nullopt, std::nullopt, std::nullopt};
}

}  // namespace oauth2::account
