#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/crypto/signing.h"

namespace oauth2::crypto {

// A JWT (RFC 7519) of these claims, a JSON object, in compact form, signed with HS256 (RFC 7518 section 3.2).
std::string sign_jwt_hs256(std::string_view key, std::string_view claims);

// The claims of a JWT that this key signed with HS256; nullopt for any other, whatever its header says: the
// algorithm is the caller's choice and never the token's (RFC 8725 section 3.1).
std::optional<std::string> verify_jwt_hs256(std::string_view key, std::string_view jwt);

// The same, signed with a private key; `kid` tells the reader which of the published ones it is, `typ` what
// kind of JWT this is (RFC 8725 section 3.11).
std::string sign_jwt(const PrivateKey& key, std::string_view kid, std::string_view typ,
                     std::string_view claims);

// The parts of a JWT in compact form (RFC 7515 section 7.1), decoded. Nothing is judged: neither the
// signature nor whether header and claims are JSON at all.
struct SplitJwt {
  std::string_view signing_input;  // within the JWT that was split
  std::string header;
  std::string claims;
  std::string signature;
};

// nullopt unless it is three parts of strict base64url.
std::optional<SplitJwt> split_jwt(std::string_view jwt);

}  // namespace oauth2::crypto
