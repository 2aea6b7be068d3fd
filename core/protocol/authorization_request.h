#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/protocol/context.h"
#include "core/protocol/error.h"
#include "core/protocol/params.h"
#include "core/store/clients.h"

namespace oauth2::protocol {

// An authorization request (RFC 6749 sections 4.1.1 and 4.2.1) that passed every check.
struct AuthorizationRequest {
  store::Client client;
  std::string redirect_uri;                      // where the answer goes
  std::optional<std::string> redirect_uri_sent;  // as it was sent; absent: it was left out
  std::optional<std::string> state;
  std::string response_type;                  // code or token
  std::optional<std::string> code_challenge;  // S256
  std::vector<std::string> scope;
  std::optional<std::string> audience;  // that `resource` asks for; absent: the issuer alone

  bool in_fragment() const { return response_type == "token"; }
};

// It is not known whose request it is, or where its answer may go: the user is told, and nobody else.
struct UntrustedRequest : Error {
  enum class What { request, client, redirect_uri };
  UntrustedRequest(const Error& error, What untrusted) : Error(error), what_is_untrusted(untrusted) {}
  What what_is_untrusted;  // the request itself: it names them twice, or by somebody else's name
};

// Throws UntrustedRequest where one of the names came twice.
void require_sent_once(const Params& params, std::initializer_list<std::string_view> names);

// All else goes back to the client.
struct RefusedRequest : Error {
  RefusedRequest(const Error& error, std::string error_location)
      : Error(error), location(std::move(error_location)) {}
  std::string location;
};

// Judges in the order of authorization_rules(). `pushed`: the parameters were pushed (RFC 9126) and not sent
// through a browser. Throws UntrustedRequest, RefusedRequest, db::Error.
AuthorizationRequest require_authorization_request(const Context& context, db::Connection& connection,
                                                   const Params& params, bool pushed);

// The client and where its answers go, as the first rules leave them. Throws UntrustedRequest.
AuthorizationRequest require_trusted_redirect(const Context& context, db::Connection& connection,
                                              const Params& params);

// One check. It throws Error, or fills in what it has judged.
struct AuthorizationRule {
  std::string_view name;
  bool is_about_trust;  // what it refuses is told to the user: there is nobody else to tell
  void (*check)(const Context& context, db::Connection& connection, const Params& params, bool pushed,
                AuthorizationRequest& request);
  // What a request that passed came to, in words; nullptr: there is nothing to add.
  std::string (*outcome)(const Context& context, const AuthorizationRequest& request) = nullptr;
};
const std::vector<AuthorizationRule>& authorization_rules();

// The answer to the client as a URL: `parameters`, then state and iss (RFC 9207).
std::string authorization_response(const Context& context, const AuthorizationRequest& request,
                                   std::vector<std::pair<std::string, std::string>> parameters);
std::string authorization_error(const Context& context, const AuthorizationRequest& request,
                                const Error& error);

}  // namespace oauth2::protocol
