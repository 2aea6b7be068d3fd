#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_document.h"

namespace oauth2::cli {

// What a client needs of RFC 8414's document; endpoints are URLs that may be asked.
struct ServerMetadata {
  std::string issuer;
  std::optional<std::string> authorization_endpoint;
  std::optional<std::string> token_endpoint;
  std::optional<std::string> device_authorization_endpoint;
  std::optional<std::string> pushed_authorization_request_endpoint;
  std::optional<std::vector<std::string>> token_endpoint_auth_methods_supported;
  bool authorization_response_iss_parameter_supported = false;  // RFC 9207
  bool require_pushed_authorization_requests = false;           // RFC 9126
};

// Where it may lie: RFC 8414 section 3.1 inserts before the issuer's path, OpenID Connect appends.
std::vector<std::string> metadata_urls(std::string_view issuer);

// CommandError when it is not of `issuer` exactly (RFC 8414 section 3.3), or malformed.
ServerMetadata read_metadata(const JsonDocument& document, const std::string& issuer);

ServerMetadata fetch_metadata(const std::string& issuer, const std::string& ca_file);

// CommandError where the server has none. `name` is the metadata's.
std::string require_endpoint(const std::optional<std::string>& endpoint, std::string_view name);

// CommandError unless `text` is a URL that people and programs may be sent to.
std::string require_url(std::string_view name, const std::string& text);

}  // namespace oauth2::cli
