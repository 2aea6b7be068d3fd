#include "core/crypto/jwt.h"

#include "core/crypto/base64url.h"
#include "core/crypto/hash.h"

namespace oauth2::crypto {
namespace {

constexpr std::string_view hs256_header = R"({"alg":"HS256","typ":"JWT"})";

std::string signature_of(std::string_view key, std::string_view signing_input) {
  return base64url(hmac_sha256(key, signing_input));
}

}  // namespace

std::string sign_jwt_hs256(std::string_view key, std::string_view claims) {
  const std::string signing_input = base64url(hs256_header) + "." + base64url(claims);
  return signing_input + "." + signature_of(key, signing_input);
}

std::optional<std::string> verify_jwt_hs256(std::string_view key, std::string_view jwt) {
  const auto first = jwt.find('.');
  const auto last = jwt.rfind('.');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  // Only what sign_jwt_hs256 writes: no other header is ever parsed.
  if (jwt.substr(0, first) != base64url(hs256_header)) return std::nullopt;
  if (!equal_in_constant_time(signature_of(key, jwt.substr(0, last)), jwt.substr(last + 1)))
    return std::nullopt;
  return base64url_decode(jwt.substr(first + 1, last - first - 1));
}

}  // namespace oauth2::crypto
