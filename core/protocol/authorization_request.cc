#include "core/protocol/authorization_request.h"

#include <algorithm>

#include "core/protocol/audience.h"
#include "core/protocol/grant.h"
#include "core/protocol/pkce.h"
#include "core/protocol/redirect_uri.h"
#include "core/protocol/stored_request.h"
#include "core/text.h"

namespace oauth2::protocol {
namespace {

using Request = AuthorizationRequest;

constexpr std::size_t longest_request = 16'384;
constexpr std::size_t longest_returned_state = 4000;

void sent_once(const Context&, db::Connection&, const Params& params, bool, Request&) {
  require_sent_once(params, {"client_id", "redirect_uri"});
}

void enabled_client(const Context&, db::Connection& connection, const Params& params, bool,
                    Request& request) {
  auto client = store::find_client(connection, params.require("client_id"));
  if (!client) throw Error(invalid_request, "client_id names no client");
  if (client->is_disabled()) throw Error(invalid_request, "client_id names a disabled client");
  request.client = std::move(*client);
}

// RFC 6749 section 3.1.2.3, RFC 9700 section 2.1.
void registered_redirect_uri(const Context&, db::Connection&, const Params& params, bool, Request& request) {
  const auto& registered = request.client.redirect_uris;
  request.redirect_uri_sent = params.find("redirect_uri");
  if (!request.redirect_uri_sent && registered.size() != 1)
    throw Error(invalid_request, "redirect_uri is missing, and not exactly one is registered");
  request.redirect_uri = request.redirect_uri_sent.value_or(registered.empty() ? "" : registered.front());
  const bool known = std::any_of(registered.begin(), registered.end(), [&](const std::string& uri) {
    return redirect_uri_matches(uri, request.redirect_uri);
  });
  if (!known) throw Error(invalid_request, "redirect_uri is not registered for the client");
  // From here on errors have a place to go to. Of a parameter that came twice, nobody knows which is meant.
  if (!params.is_repeated("state")) request.state = params.find("state");
  if (!params.is_repeated("response_type")) request.response_type = params.find("response_type").value_or("");
}

void no_parameter_twice(const Context&, db::Connection&, const Params& params, bool, Request&) {
  if (!params.repeated().empty()) throw Error(invalid_request, "a parameter was sent twice");
}

// What is kept while the user signs in. Proxies would not take a `state` of that size back.
void short_enough(const Context&, db::Connection&, const Params& params, bool, Request& request) {
  if (params.has(shown_redirect_uri)) return;  // our own copy, which says more
  if (params.encode().size() <= longest_request) return;
  if (request.state && request.state->size() > longest_returned_state) request.state.reset();
  throw Error(invalid_request, "the request is too long");
}

// It goes back in a header field.
void printable_state(const Context&, db::Connection&, const Params&, bool, Request& request) {
  if (!request.state || !text::has_control(*request.state)) return;
  request.state.reset();
  throw Error(invalid_request, "state has a control character");
}

// RFC 9101; a request_uri that was pushed here is taken out of the parameters before.
void no_request_object(const Context&, db::Connection&, const Params& params, bool, Request&) {
  if (params.has("request")) throw Error(request_not_supported, "request is not supported");
  if (params.has("request_uri"))
    throw Error(request_uri_not_supported, "request_uri must be one that was pushed to this server");
}

// RFC 9126 section 5.
void pushed_where_required(const Context& context, db::Connection&, const Params&, bool pushed,
                           Request& request) {
  if (pushed) return;
  if (context.settings.require_par || request.client.require_par)
    throw Error(invalid_request, "the request must be pushed first (RFC 9126)");
}

void registered_response_type(const Context&, db::Connection&, const Params& params, bool, Request& request) {
  const std::string response_type = params.require("response_type");
  if (response_type != "code" && response_type != "token")
    throw Error(unsupported_response_type, "response_type is not code or token");
  const auto& registered = request.client.response_types;
  const bool allowed = std::find(registered.begin(), registered.end(), response_type) != registered.end() &&
                       request.client.has_grant(response_type == "code" ? "authorization_code" : "implicit");
  if (!allowed) throw Error(unauthorized_client, "the client is not registered for this response_type");
}

// OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1: each has one place.
void usual_response_mode(const Context&, db::Connection&, const Params& params, bool, Request& request) {
  const auto mode = params.find("response_mode");
  if (mode && *mode != (request.in_fragment() ? "fragment" : "query"))
    throw Error(invalid_request, "response_mode is not the one of this response_type");
}

// RFC 7636 section 4.3; `plain` protects from nobody (RFC 9700 section 2.1.1).
void pkce_where_required(const Context& context, db::Connection&, const Params& params, bool,
                         Request& request) {
  if (request.in_fragment()) return;
  const auto code_challenge = params.find("code_challenge");
  const auto method = params.find("code_challenge_method");
  if (!code_challenge) {
    if (method) throw Error(invalid_request, "code_challenge_method without a code_challenge");
    if (request.client.is_public() || context.settings.require_pkce == "all")
      throw Error(invalid_request, "code_challenge is missing");
    return;
  }
  if (method != "S256") throw Error(invalid_request, "code_challenge_method is not S256");
  if (!is_pkce_text(*code_challenge))
    throw Error(invalid_request, "code_challenge is not 43 to 128 unreserved characters");
  request.code_challenge = code_challenge;
}

void allowed_scope(const Context&, db::Connection& connection, const Params& params, bool, Request& request) {
  request.scope = granted_scope(connection, request.client, params.find("scope"));
}

std::string scope_outcome(const Context&, const Request& request) {
  return request.scope.empty() ? "none" : text::join(request.scope);
}

// RFC 8707 section 2.1.
void allowed_resource(const Context& context, db::Connection&, const Params& params, bool, Request& request) {
  request.audience = requested_audience(request.client, params, context.settings.issuer);
}

std::string audience_outcome(const Context& context, const Request& request) {
  return text::join(audience_uris(request.audience, context.settings.issuer));
}

}  // namespace

const std::vector<AuthorizationRule>& authorization_rules() {
  static const std::vector<AuthorizationRule> rules = {
      {"client_id and redirect_uri are sent once", true, sent_once},
      {"client_id names an enabled client", true, enabled_client},
      {"redirect_uri is registered", true, registered_redirect_uri},
      {"no parameter is sent twice", false, no_parameter_twice},
      {"the request is short enough to be kept", false, short_enough},
      {"state is printable", false, printable_state},
      {"no request object", false, no_request_object},
      {"pushed where that is required", false, pushed_where_required},
      {"response_type is one of the client's", false, registered_response_type},
      {"response_mode is the usual one", false, usual_response_mode},
      {"PKCE with S256 where it is required", false, pkce_where_required},
      {"scope is one the client may ask for", false, allowed_scope, scope_outcome},
      {"resource is one the client may ask for", false, allowed_resource, audience_outcome},
  };
  return rules;
}

AuthorizationRequest require_trusted_redirect(const Context& context, db::Connection& connection,
                                              const Params& params) {
  AuthorizationRequest request;
  try {
    for (const AuthorizationRule& rule : authorization_rules()) {
      if (rule.is_about_trust) rule.check(context, connection, params, false, request);
    }
  } catch (const UntrustedRequest&) {
    throw;
  } catch (const Error& error) {
    throw UntrustedRequest(error, request.client.id.empty() ? UntrustedRequest::What::client
                                                            : UntrustedRequest::What::redirect_uri);
  }
  if (context.client_id_for_log) *context.client_id_for_log = request.client.id;
  return request;
}

void require_sent_once(const Params& params, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (params.is_repeated(name)) {
      throw UntrustedRequest({invalid_request, std::string(name) + " was sent twice"},
                             UntrustedRequest::What::request);
    }
  }
}

AuthorizationRequest require_authorization_request(const Context& context, db::Connection& connection,
                                                   const Params& params, bool pushed) {
  AuthorizationRequest request = require_trusted_redirect(context, connection, params);
  try {
    for (const AuthorizationRule& rule : authorization_rules()) {
      if (!rule.is_about_trust) rule.check(context, connection, params, pushed, request);
    }
  } catch (const Error& error) {
    throw RefusedRequest(error, authorization_error(context, request, error));
  }
  return request;
}

std::string authorization_response(const Context& context, const AuthorizationRequest& request,
                                   std::vector<std::pair<std::string, std::string>> parameters) {
  if (request.state) parameters.emplace_back("state", *request.state);
  parameters.emplace_back("iss", context.settings.issuer);
  return redirect_with(request.redirect_uri, parameters, request.in_fragment());
}

std::string authorization_error(const Context& context, const AuthorizationRequest& request,
                                const Error& error) {
  return authorization_response(
      context, request, {{"error", std::string(error.code.name)}, {"error_description", error.what()}});
}

}  // namespace oauth2::protocol
