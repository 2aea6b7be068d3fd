#include "core/federation/id_token.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/crypto/hash.h"
#include "core/crypto/jwt.h"

namespace oauth2::federation {
namespace {

constexpr std::int64_t leeway = 60;  // seconds that clocks may differ

[[noreturn]] void refuse(std::string_view why) {
  throw Failure(FailureKind::bad_answer, fmt::format("ID token: {}", why));
}

struct Header {
  crypto::SigningAlgorithm algorithm;
  std::string kid;  // "" for none
};

Header read_header(const std::string& text) {
  const auto header = JsonDocument::parse(text);
  if (!header) refuse("its header is no JSON object");
  // RFC 7515 section 4.1.11: what is critical must be understood, and nothing is.
  if (header->names("crit")) refuse("its header has 'crit'");
  const auto algorithm = crypto::find_signing_algorithm(header->require_text("alg"));
  if (!algorithm) refuse("it is not signed with EdDSA, ES256 or RS256");
  return {*algorithm, header->text("kid").value_or("")};
}

// Those that may have signed under this header.
std::vector<crypto::PublicKey> candidates(const std::vector<RemoteKey>& keys, const Header& header) {
  std::vector<crypto::PublicKey> out;
  for (const RemoteKey& key : keys) {
    if (!header.kid.empty() && key.kid != header.kid) continue;
    if (!key.alg.empty() && key.alg != crypto::name(header.algorithm)) continue;
    if (auto found = crypto::PublicKey::from(key.jwk, header.algorithm)) out.push_back(std::move(*found));
  }
  return out;
}

void check_signature(const Remote& remote, const std::string& jwks_url, const crypto::SplitJwt& jwt) {
  const Header header = read_header(jwt.header);
  auto keys = candidates(find_keys(remote, jwks_url, false), header);
  if (keys.empty()) keys = candidates(find_keys(remote, jwks_url, true), header);
  if (keys.empty()) refuse("the provider publishes no key that it could be signed with");
  if (header.kid.empty() && keys.size() > 1) refuse("it does not say which of several keys signed it");
  const bool is_signed = std::any_of(keys.begin(), keys.end(), [&](const crypto::PublicKey& key) {
    return key.verify(jwt.signing_input, jwt.signature);
  });
  if (!is_signed) refuse("its signature is wrong");
}

void check_audience(const JsonDocument& claims, const std::string& client_id) {
  const auto audience = claims.texts("aud").value_or(std::vector<std::string>());
  if (std::find(audience.begin(), audience.end(), client_id) == audience.end())
    refuse("it is for another client");
  const auto authorized_party = claims.text("azp");
  if (audience.size() > 1 && !authorized_party) refuse("it is for several, and lacks azp");
  if (authorized_party && *authorized_party != client_id) refuse("its azp is another client");
}

void check_times(const JsonDocument& claims, std::int64_t now) {
  const auto issued_at = claims.time("iat");
  const auto expires_at = claims.time("exp");
  if (!issued_at || !expires_at) refuse("it lacks iat or exp");
  const auto is_off = [](std::string_view what) {
    return Failure(FailureKind::clock_skew, fmt::format("ID token: it {} by the clock of this server", what));
  };
  if (*issued_at > now + leeway) throw is_off("is of the future");
  if (*expires_at <= now - leeway) throw is_off("has expired");
  if (claims.time("nbf").value_or(0) > now + leeway) throw is_off("is not valid yet");
}

}  // namespace

JsonDocument verify_id_token(const Remote& remote, const Endpoints& endpoints, std::string_view id_token,
                             std::string_view nonce) {
  const auto jwt = crypto::split_jwt(id_token);
  if (!jwt) refuse("it is no signed JWT");
  check_signature(remote, endpoints.jwks_url, *jwt);
  auto claims = JsonDocument::parse(jwt->claims);
  if (!claims) refuse("its claims are no JSON object");
  if (claims->require_text("iss") != endpoints.issuer) refuse("it is of another issuer");
  check_audience(*claims, remote.provider.client_id);
  if (!crypto::equal_in_constant_time(claims->text("nonce").value_or(""), nonce))
    refuse("its nonce is not the one that was sent");
  claims->require_text("sub");
  check_times(*claims, remote.now);
  return std::move(*claims);
}

}  // namespace oauth2::federation
