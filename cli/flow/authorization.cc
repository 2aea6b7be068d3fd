#include "cli/flow/authorization.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/crypto/hash.h"
#include "core/fetch/error.h"
#include "core/fetch/url.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

int read_port(const std::string& text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port < 1 || port > 65'535)
    throw UsageError(
        fmt::format("--port: '{}' is not a number from 1 to 65535", text::escape_controls(text)));
  return port;
}

fetch::Url parse_redirect_uri(const std::string& uri) {
  constexpr const char* forms = "http://127.0.0.1:PORT/PATH, also with [::1] or localhost";
  try {
    fetch::Url url = fetch::parse_url(uri);
    if (!url.is_https) return url;
  } catch (const fetch::Error& error) {
    throw UsageError(fmt::format("--redirect-uri: {}", error.what()), forms);
  }
  throw UsageError("--redirect-uri: only an http URI of this machine can be listened on", forms);
}

}  // namespace

std::string LoopbackRedirect::uri_at(int chosen_port) const {
  const auto authority = uri.find("://") + 3;
  const auto end = std::min(uri.find_first_of("/?", authority), uri.size());
  return port != 0 && fetch::parse_url(uri).has_port
             ? uri
             : fmt::format("{}:{}{}", uri.substr(0, end), chosen_port, uri.substr(end));
}

std::string LoopbackRedirect::registered_uri(int chosen_port) const {
  return fetch::parse_url(uri).host == "localhost" ? uri_at(chosen_port) : uri;
}

LoopbackRedirect choose_redirect(const std::optional<std::string>& uri,
                                 const std::optional<std::string>& port) {
  LoopbackRedirect redirect;
  redirect.uri = uri.value_or("http://127.0.0.1/callback");
  const fetch::Url url = parse_redirect_uri(redirect.uri);
  redirect.path = url.path.empty() ? "/" : url.path;
  redirect.is_ipv6 = url.is_ipv6;
  if (url.has_port) redirect.port = url.port;
  if (!port) return redirect;
  const int asked = read_port(*port);
  if (url.has_port && asked != url.port) throw UsageError("--port and the port in --redirect-uri differ");
  redirect.port = asked;
  return redirect;
}

Form authorization_request(Form form, const std::string& client_id, const std::string& redirect_uri,
                           const std::string& state, const std::string& code_verifier) {
  Form request = {{"response_type", "code"},
                  {"client_id", client_id},
                  {"redirect_uri", redirect_uri},
                  {"state", state},
                  {"code_challenge", crypto::sha256_base64url(code_verifier)},
                  {"code_challenge_method", "S256"}};
  for (auto& entry : form) request.push_back(std::move(entry));
  return request;
}

Form push_request(const Remote& remote, const Form& request) {
  const std::string endpoint = require_endpoint(remote.server.pushed_authorization_request_endpoint,
                                                "pushed_authorization_request_endpoint");
  const JsonDocument pushed = post(remote, endpoint, request);
  return {{"client_id", remote.client_id}, {"request_uri", pushed.require_text("request_uri")}};
}

}  // namespace oauth2::cli
