#include "cli/flow/server_metadata.h"

#include <fmt/format.h>

#include "cli/exit_code.h"
#include "cli/flow/remote.h"
#include "core/fetch/error.h"
#include "core/fetch/fetch.h"
#include "core/fetch/url.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

std::optional<std::string> endpoint(const JsonDocument& document, std::string_view name) {
  const auto text = document.text(name);
  return text ? std::optional(require_url(name, *text)) : std::nullopt;
}

}  // namespace

std::string require_url(std::string_view name, const std::string& text) {
  try {
    fetch::parse_url(text);
    return text;
  } catch (const fetch::Error& error) {
    throw CommandError(Exit::failed, fmt::format("the server's {}: {}", name, error.what()));
  }
}

std::vector<std::string> metadata_urls(std::string_view issuer) {
  const fetch::Url url = fetch::parse_url(issuer);
  std::string path = url.path;
  if (path.ends_with('/')) path.pop_back();
  return {url.origin() + "/.well-known/oauth-authorization-server" + path,
          url.origin() + path + "/.well-known/openid-configuration"};
}

ServerMetadata read_metadata(const JsonDocument& document, const std::string& issuer) {
  ServerMetadata metadata;
  metadata.issuer = document.require_text("issuer");
  if (metadata.issuer != issuer) {
    throw CommandError(
        Exit::failed,
        fmt::format("the server says that its issuer is '{}', not '{}'", shortened(metadata.issuer), issuer),
        "RFC 8414: the two must be the same, to the last character");
  }
  metadata.authorization_endpoint = endpoint(document, "authorization_endpoint");
  metadata.token_endpoint = endpoint(document, "token_endpoint");
  metadata.device_authorization_endpoint = endpoint(document, "device_authorization_endpoint");
  metadata.pushed_authorization_request_endpoint =
      endpoint(document, "pushed_authorization_request_endpoint");
  metadata.token_endpoint_auth_methods_supported = document.texts("token_endpoint_auth_methods_supported");
  metadata.authorization_response_iss_parameter_supported =
      document.flag("authorization_response_iss_parameter_supported").value_or(false);
  metadata.require_pushed_authorization_requests =
      document.flag("require_pushed_authorization_requests").value_or(false);
  return metadata;
}

ServerMetadata fetch_metadata(const std::string& issuer, const std::string& ca_file) {
  std::vector<std::string> tried;
  int status = 0;
  for (const std::string& url : metadata_urls(issuer)) {
    fetch::Request request;
    request.url = url;
    request.fields = {{"Accept", "application/json"}};
    request.ca_file = ca_file;
    const fetch::Response response = fetch::request(request);
    status = response.status;
    const auto document = status == 200 ? JsonDocument::parse(response.body) : std::nullopt;
    if (document) return read_metadata(*document, issuer);
    tried.push_back(
        fmt::format("{} answers {}", url, status == 200 ? "no JSON object" : status_text(status)));
  }
  throw CommandError(exit_of_status(status), "found no metadata of the server: " + text::join(tried, "; "));
}

std::string require_endpoint(const std::optional<std::string>& endpoint, std::string_view name) {
  if (endpoint) return *endpoint;
  throw CommandError(Exit::failed,
                     fmt::format("the server's metadata names no {}: it does not offer this", name));
}

}  // namespace oauth2::cli
