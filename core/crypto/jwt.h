#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace oauth2::crypto {

// A JWT (RFC 7519) of these claims, a JSON object, in compact form, signed with HS256 (RFC 7518 section 3.2).
std::string sign_jwt_hs256(std::string_view key, std::string_view claims);

// The claims of a JWT that this key signed with HS256; nullopt for any other, whatever its header says: the
// algorithm is the caller's choice and never the token's (RFC 8725 section 3.1).
std::optional<std::string> verify_jwt_hs256(std::string_view key, std::string_view jwt);

}  // namespace oauth2::crypto
