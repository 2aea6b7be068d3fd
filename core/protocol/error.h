#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace oauth2::protocol {

// An error is data: its name on the wire, its status, and whether clients are told the reason or only the log
// is.
struct ErrorCode {
  std::string_view name;
  int status;
  bool reason_is_public;
};

// RFC 6749 sections 4.1.2.1 and 5.2, RFC 6750 section 3.1.
inline constexpr ErrorCode invalid_request{"invalid_request", 400, true};
inline constexpr ErrorCode invalid_client{"invalid_client", 401, false};
inline constexpr ErrorCode invalid_grant{"invalid_grant", 400, false};
inline constexpr ErrorCode unauthorized_client{"unauthorized_client", 400, true};
inline constexpr ErrorCode unsupported_grant_type{"unsupported_grant_type", 400, true};
inline constexpr ErrorCode invalid_scope{"invalid_scope", 400, true};
inline constexpr ErrorCode invalid_token{"invalid_token", 401, false};
inline constexpr ErrorCode missing_token{"", 401, false};  // RFC 6750 section 3.1: no error code at all
inline constexpr ErrorCode insufficient_scope{"insufficient_scope", 403, true};
// As invalid_request, for a proxy: of all refusals it understands only 401 and 403.
inline constexpr ErrorCode forbidden_request{"invalid_request", 403, true};
inline constexpr ErrorCode invalid_target{"invalid_target", 400, true};  // RFC 8707 section 2
// RFC 6749 section 4.1.2.1, RFC 9101 section 6.2, RFC 9126 section 2.3.
inline constexpr ErrorCode access_denied{"access_denied", 400, true};
inline constexpr ErrorCode unsupported_response_type{"unsupported_response_type", 400, true};
inline constexpr ErrorCode request_not_supported{"request_not_supported", 400, true};
inline constexpr ErrorCode request_uri_not_supported{"request_uri_not_supported", 400, true};
// RFC 8628 section 3.5.
inline constexpr ErrorCode authorization_pending{"authorization_pending", 400, true};
inline constexpr ErrorCode slow_down{"slow_down", 400, true};
inline constexpr ErrorCode expired_token{"expired_token", 400, true};
inline constexpr ErrorCode server_error{"server_error", 500, false};
inline constexpr ErrorCode temporarily_unavailable{"temporarily_unavailable", 503, false};
inline constexpr ErrorCode too_many_requests{"temporarily_unavailable", 429, false};

// A refusal of a client. The reason reads like the rule's sentence, names parameters and never values.
struct Error : std::runtime_error {
  Error(const ErrorCode& error_code, const std::string& reason,
        std::optional<std::int64_t> error_retry_after = std::nullopt)
      : std::runtime_error(reason), code(error_code), retry_after(error_retry_after) {}

  ErrorCode code;
  std::optional<std::int64_t> retry_after;  // seconds
  std::string scope;                        // that is needed, of insufficient_scope
};

}  // namespace oauth2::protocol
