#include "server/wire.h"

#include <fmt/format.h>

#include "core/json_text.h"
#include "core/text.h"

namespace oauth2::server {
namespace {

constexpr const char* json_type = "application/json";

// RFC 6750 section 3; the reason of a refused token is for the log only.
std::string bearer_challenge(const protocol::Error& error) {
  std::string challenge = R"(Bearer realm="oauth2d")";
  if (!error.code.name.empty()) challenge += fmt::format(R"(, error="{}")", error.code.name);
  if (!error.scope.empty()) challenge += fmt::format(R"(, scope="{}")", error.scope);
  return challenge;
}

bool is_for_bearer(int status) { return status == 400 || status == 401 || status == 403; }

}  // namespace

std::string_view read_form_text(const httplib::Request& request) {
  const std::string type = read_header(request, "Content-Type").value_or("");
  const std::string_view essence = text::trim(std::string_view(type).substr(0, type.find(';')));
  if (text::lower(essence) != "application/x-www-form-urlencoded") {
    throw protocol::Error(protocol::invalid_request, "the body must be application/x-www-form-urlencoded");
  }
  return request.body;
}

protocol::Params read_form(const httplib::Request& request) {
  return protocol::Params::parse(read_form_text(request));
}

std::string_view read_query_text(const httplib::Request& request) {
  const auto mark = request.target.find('?');
  return mark == std::string::npos ? std::string_view() : std::string_view(request.target).substr(mark + 1);
}

protocol::Params read_query(const httplib::Request& request) {
  return protocol::Params::parse(read_query_text(request));
}

std::optional<std::string> read_header(const httplib::Request& request, const std::string& name) {
  const auto [first, last] = request.headers.equal_range(name);
  if (first == last) return std::nullopt;
  if (std::next(first) != last) throw protocol::Error(protocol::invalid_request, name + " was sent twice");
  return first->second;
}

std::string read_list_header(const httplib::Request& request, const std::string& name) {
  std::string out;
  const auto [first, last] = request.headers.equal_range(name);
  for (auto field = first; field != last; ++field) {
    if (!out.empty()) out += ',';
    out += field->second;
  }
  return out;
}

protocol::BearerClaim read_bearer_claim(const httplib::Request& request, bool query_tokens) {
  protocol::BearerClaim claim;
  claim.authorization = read_header(request, "Authorization");
  if (!query_tokens) return claim;
  claim.query_token = read_query(request).find("access_token");
  if (request.method == "POST" && !request.body.empty())
    claim.form_token = read_form(request).find("access_token");
  return claim;
}

void forbid_storing(httplib::Response& response) {
  response.set_header("Cache-Control", "no-store");
  response.set_header("Pragma", "no-cache");
}

void write(const protocol::Answer& answer, httplib::Response& response) {
  response.status = answer.status;
  forbid_storing(response);
  response.set_content(answer.body, std::string(answer.content_type).c_str());
}

void write_error(const protocol::Error& error, Challenge challenge, httplib::Response& response) {
  response.status = error.code.status;
  if (challenge == Challenge::check && response.status == 400) response.status = 401;
  forbid_storing(response);
  if (error.retry_after) response.set_header("Retry-After", fmt::format("{}", *error.retry_after));
  if (challenge == Challenge::basic && response.status == 401) {
    response.set_header("WWW-Authenticate", R"(Basic realm="oauth2d")");
  }
  const bool asks_for_bearer = challenge == Challenge::bearer || challenge == Challenge::check;
  if (asks_for_bearer && is_for_bearer(response.status)) {
    response.set_header("WWW-Authenticate", bearer_challenge(error));
  }
  JsonText document;
  if (!error.code.name.empty()) document.member("error", error.code.name);
  if (error.code.reason_is_public) document.member("error_description", error.what());
  response.set_content(document.take(), json_type);
}

}  // namespace oauth2::server
