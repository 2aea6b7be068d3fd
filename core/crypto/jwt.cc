#include "core/crypto/jwt.h"

#include "core/crypto/base64url.h"
#include "core/crypto/hash.h"
#include "core/json_text.h"

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

std::string sign_jwt(const PrivateKey& key, std::string_view kid, std::string_view typ,
                     std::string_view claims) {
  JsonText header;
  header.member("alg", name(key.algorithm()));
  header.member("typ", typ);
  header.member("kid", kid);
  std::string jwt = base64url(header.take()) + "." + base64url(claims);
  const std::string signature = base64url(key.sign(jwt));
  return jwt.append(".").append(signature);
}

std::optional<SplitJwt> split_jwt(std::string_view jwt) {
  const auto first = jwt.find('.');
  const auto last = jwt.rfind('.');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  // A fourth part would leave a dot in the middle one, which is no base64url.
  auto header = base64url_decode(jwt.substr(0, first));
  auto claims = base64url_decode(jwt.substr(first + 1, last - first - 1));
  auto signature = base64url_decode(jwt.substr(last + 1));
  if (!header || !claims || !signature) return std::nullopt;
  return SplitJwt{jwt.substr(0, last), std::move(*header), std::move(*claims), std::move(*signature)};
}

}  // namespace oauth2::crypto
