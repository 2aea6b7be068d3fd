#include <fmt/format.h>

#include "core/account/check.h"
#include "core/protocol/error.h"
#include "server/endpoints/endpoints.h"
#include "server/visit.h"
#include "server/wire.h"

namespace oauth2::server {
namespace {

// The body is the API's, not ours; of the query only access_token is a claim.
protocol::BearerClaim read_claim(const protocol::Context& context, const httplib::Request& request) {
  protocol::BearerClaim claim;
  claim.authorization = read_header(request, "Authorization");
  if (!context.settings.allow_query_tokens) return claim;
  const auto query = protocol::Params::parse_noting_repeats(read_query_text(request));
  if (query.is_repeated("access_token"))
    throw protocol::Error(protocol::invalid_request, "two bearer tokens at once");
  claim.query_token = query.find("access_token");
  return claim;
}

account::BrowserClaim read_browser(const protocol::Context& context, const httplib::Request& request) {
  account::BrowserClaim claim;
  claim.cookie = session_cookie(context, request);
  // A field that came twice reads as no method and as no token.
  if (request.has_header("X-CSRF-Token")) claim.csrf_token = read_list_header(request, "X-CSRF-Token");
  for (const char* name : {"X-Original-Method", "X-Forwarded-Method"}) {
    if (request.has_header(name)) claim.methods.push_back(read_list_header(request, name));
  }
  return claim;
}

// A field's value is visible ASCII: what else a username may have is percent-encoded, and so is the sign of
// that, so that no two names look alike.
void set_field(httplib::Response& response, const char* name, const std::optional<std::string>& value) {
  if (!value || value->empty()) return;
  std::string safe;
  for (const char c : *value) {
    const bool is_plain = c >= 0x20 && c < 0x7F && c != '%';
    if (is_plain) {
      safe += c;
    } else {
      safe += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  response.set_header(name, safe);
}

}  // namespace

void check_endpoint(const protocol::Context& context, const httplib::Request& request,
                    httplib::Response& response) {
  const auto wanted = protocol::read_check_request(read_query_text(request));
  const auto browser = wanted.session ? read_browser(context, request) : account::BrowserClaim{};
  const auto passed = account::check(context, read_claim(context, request), wanted, browser);
  response.status = 204;
  forbid_storing(response);
  set_field(response, "X-Auth-User", passed.username);
  set_field(response, "X-Auth-Client", passed.client_id);
  set_field(response, "X-Auth-Scope", passed.scope);
  set_field(response, "X-Auth-Token", passed.token_id);
}

}  // namespace oauth2::server
