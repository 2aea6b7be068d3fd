#include "core/crypto/jwt.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <memory>

#include "core/json_document.h"
#include "core/resource_server/published_keys.h"
#include "core/resource_server/remote.h"
#include "core/resource_server/resource_server.h"
#include "core/text.h"

namespace oauth2::resource_server {
namespace {

// RFC 9068 section 4. What is not as it says is invalid, whatever the reason.
class Jwt : public Validator {
 public:
  explicit Jwt(JwtOptions options)
      : options_(std::move(options)), clock_(clock_or_system(options_.clock)), keys_(options_) {}

  std::string kind() const override { return "jwt"; }
  bool claims(std::string_view token) const override {
    return std::count(token.begin(), token.end(), '.') == 2;
  }

  std::optional<Token> validate(std::string_view token) const override {
    try {
      const auto jwt = crypto::split_jwt(token);
      const auto key = jwt ? find_key(jwt->header) : std::nullopt;
      // Nothing of what it says is believed before that.
      if (!key || !key->verify(jwt->signing_input, jwt->signature)) return std::nullopt;
      const auto claims = JsonDocument::parse(jwt->claims);
      return claims ? read(*claims) : std::nullopt;
    } catch (const WrongMember&) {
      return std::nullopt;
    }
  }

 private:
  // What a header says of its key.
  struct Header {
    std::string text;
    std::string kid;
    crypto::SigningAlgorithm algorithm;
  };
  std::shared_ptr<const Header> read_header(const std::string& text) const;
  std::optional<crypto::PublicKey> find_key(const std::string& header) const;
  std::optional<Token> read(const JsonDocument& claims) const;

  const JwtOptions options_;
  const Clock clock_;
  mutable PublishedKeys keys_;
  mutable std::atomic<std::shared_ptr<const Header>> last_header_;  // all tokens of one key have the same
};

// By `kid` among the issuer's own keys: where else a key might be (`jwk`, `jku`, `x5u`, `x5c`) is not looked
// at, and the algorithm is the key's own, never the header's choice (RFC 8725 sections 3.1 and 3.10).
std::shared_ptr<const Jwt::Header> Jwt::read_header(const std::string& text) const {
  const auto header = JsonDocument::parse(text);
  if (!header) return nullptr;
  const std::string type = text::lower(header->text("typ").value_or(""));
  if (type != "at+jwt" && type != "application/at+jwt") return nullptr;
  if (header->names("crit")) return nullptr;  // an extension that must be understood, and none is
  const std::string alg = header->text("alg").value_or("");
  const auto& allowed = options_.algorithms;
  const auto algorithm = crypto::find_signing_algorithm(alg);
  if (!algorithm || std::find(allowed.begin(), allowed.end(), alg) == allowed.end()) return nullptr;
  const std::string kid = header->text("kid").value_or("");
  return kid.empty() ? nullptr : std::make_shared<const Header>(Header{text, kid, *algorithm});
}

std::optional<crypto::PublicKey> Jwt::find_key(const std::string& text) const {
  auto header = last_header_.load();
  if (!header || header->text != text) {
    header = read_header(text);
    if (!header) return std::nullopt;
    last_header_ = header;
  }
  return keys_.find(header->kid, header->algorithm);
}

// RFC 9068 section 2.2: these are required, all of them.
std::optional<Token> Jwt::read(const JsonDocument& claims) const {
  const std::int64_t now = clock_();
  const std::int64_t leeway = options_.leeway.count();
  Token token;
  token.kind = "access";
  token.subject = claims.text("sub").value_or("");
  token.client = claims.text("client_id").value_or("");
  token.id = claims.text("jti").value_or("");
  token.audience = claims.texts("aud").value_or(std::vector<std::string>());
  token.expires_at = claims.time("exp");
  token.scopes = scopes_of(claims);
  const auto issued_at = claims.time("iat");
  const bool whole =
      !token.subject.empty() && !token.client.empty() && !token.id.empty() && token.expires_at && issued_at;
  if (!whole || claims.text("iss") != options_.issuer) return std::nullopt;
  if (std::find(token.audience.begin(), token.audience.end(), options_.resource) == token.audience.end())
    return std::nullopt;
  if (*token.expires_at + leeway <= now || *issued_at > now + leeway) return std::nullopt;
  if (claims.time("nbf").value_or(0) > now + leeway) return std::nullopt;
  if (claims.names("cnf")) return std::nullopt;  // bound to a key (RFC 7800): no bearer token
  return token;
}

}  // namespace

std::unique_ptr<Validator> jwt(JwtOptions options) {
  require_allowed_url("issuer", options.issuer);
  if (!options.jwks_uri.empty()) require_allowed_url("jwks_uri", options.jwks_uri);
  if (options.resource.empty()) throw std::invalid_argument("resource is missing");
  if (options.algorithms.empty()) throw std::invalid_argument("algorithms is empty");
  for (const std::string& one : options.algorithms) {
    if (!crypto::find_signing_algorithm(one))
      throw std::invalid_argument(fmt::format("algorithms: '{}' is not known", one));
  }
  return std::make_unique<Jwt>(std::move(options));
}

}  // namespace oauth2::resource_server
