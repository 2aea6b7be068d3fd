#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace oauth2::crypto {

// RFC 4648 section 5, without padding.
std::string base64url(std::string_view bytes);

// Strict: no padding, no white space, no bits left over; nullopt otherwise.
std::optional<std::string> base64url_decode(std::string_view text);

// RFC 4648 section 4, with padding.
std::string base64(std::string_view bytes);

// RFC 4648 section 4, as HTTP Basic uses it: padding is taken where it belongs and may be missing.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace oauth2::crypto
