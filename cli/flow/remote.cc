#include "cli/flow/remote.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/crypto/base64url.h"
#include "core/fetch/fetch.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

constexpr std::size_t longest_quote = 500;
constexpr std::size_t longest_id = 100;

std::string refusal_text(const std::string& error, const std::optional<std::string>& description) {
  std::string out = fmt::format("the server refused the request: {}", shortened(error));
  if (description && !description->empty()) out += ": " + shortened(*description);
  return out;
}

Exit exit_of(std::string_view error, int status) {
  if (error == "invalid_client" || error == "access_denied" || status == 401 || status == 403)
    return Exit::not_permitted;
  return Exit::refused;
}

// A server tells only its log why it takes a client or a grant for invalid.
std::string refusal_hint(const std::string& error, const std::optional<std::string>& description,
                         std::string_view request_id) {
  if (description && !description->empty()) return {};
  if (error != "invalid_client" && error != "invalid_grant") return {};
  return fmt::format("the server's log says why{}; 'oauth2ctl explain token' checks such a request",
                     request_id.empty() ? "" : ", at request_id " + text::shortened(request_id, longest_id));
}

bool has(const Form& form, std::string_view name) {
  return std::any_of(form.begin(), form.end(), [&](const auto& entry) { return entry.first == name; });
}

bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

Refusal::Refusal(const std::string& error_name, const std::optional<std::string>& description, int status,
                 const std::string& error_hint)
    : CommandError(exit_of(error_name, status), refusal_text(error_name, description), error_hint),
      error(error_name) {}

std::string shortened(std::string_view text) { return text::shortened(text, longest_quote); }

std::string status_text(int status) {
  return fmt::format("{}{}", status, status / 100 == 3 ? ", a redirect, which is not followed" : "");
}

Exit exit_of_status(int status) {
  return status == 401 || status == 403 ? Exit::not_permitted : Exit::failed;
}

AuthMethod choose_auth_method(std::string_view asked, bool has_secret, const ServerMetadata& server) {
  if (asked == "none") return AuthMethod::none;
  if (!asked.empty() && asked != "client_secret_basic" && asked != "client_secret_post") {
    throw UsageError(fmt::format("--auth-method: '{}' is not client_secret_basic, client_secret_post or none",
                                 text::escape_controls(asked)));
  }
  if (!has_secret) {
    if (asked.empty()) return AuthMethod::none;
    throw UsageError(fmt::format("--auth-method {} needs a secret", asked),
                     "--secret-from -, env:NAME or file:PATH");
  }
  if (!asked.empty())
    return asked == "client_secret_post" ? AuthMethod::client_secret_post : AuthMethod::client_secret_basic;
  const auto& supported = server.token_endpoint_auth_methods_supported;
  if (!supported) return AuthMethod::client_secret_basic;  // RFC 8414 section 2
  const auto names = [&](std::string_view method) {
    return std::find(supported->begin(), supported->end(), method) != supported->end();
  };
  if (names("client_secret_basic")) return AuthMethod::client_secret_basic;
  if (names("client_secret_post")) return AuthMethod::client_secret_post;
  throw CommandError(
      Exit::failed,
      fmt::format("the server takes no client secret, only {}", shortened(text::join(*supported))),
      "--auth-method tries one nevertheless");
}

JsonDocument post(const Remote& remote, const std::string& endpoint, Form form) {
  fetch::Request request;
  request.method = "POST";
  request.url = endpoint;
  request.ca_file = remote.ca_file;
  request.fields = {{"Accept", "application/json"}, {"Content-Type", "application/x-www-form-urlencoded"}};
  if (remote.auth_method == AuthMethod::client_secret_basic) {
    const std::string pair = encode_form(remote.client_id) + ":" + encode_form(remote.client_secret);
    request.fields.emplace_back("Authorization", "Basic " + crypto::base64(pair));
  } else if (!has(form, "client_id")) {
    form.emplace_back("client_id", remote.client_id);
  }
  if (remote.auth_method == AuthMethod::client_secret_post)
    form.emplace_back("client_secret", remote.client_secret);
  request.body = encode_form(form);

  const fetch::Response response = fetch::request(request);
  const auto document = JsonDocument::parse(response.body);
  const auto error = document ? document->text("error") : std::nullopt;
  // Some servers say 200 to everything.
  if (error) {
    const auto description = document->text("error_description");
    throw Refusal(*error, description, response.status,
                  refusal_hint(*error, description, response.field("X-Request-Id")));
  }
  if (response.status / 100 != 2) {
    throw CommandError(exit_of_status(response.status),
                       fmt::format("{} answers {}", endpoint, status_text(response.status)));
  }
  if (!document) throw CommandError(Exit::failed, fmt::format("{} answers no JSON object", endpoint));
  return *document;
}

void check_tokens(const JsonDocument& response) {
  const std::string token = response.require_text("access_token");
  if (!is_visible_ascii(token))
    throw CommandError(Exit::failed,
                       "the server's answer is malformed: access_token has characters that none may have");
  response.require_text("token_type");
  response.number("expires_in");
  response.text("refresh_token");
  response.text("scope");
}

}  // namespace oauth2::cli
