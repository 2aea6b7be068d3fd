#include "core/protocol/key_seal.h"

#include <fmt/format.h>

#include "core/crypto/base64url.h"
#include "core/crypto/seal.h"
#include "core/server_key.h"

namespace oauth2::protocol {
namespace {

constexpr std::string_view sealed_mark = "sealed:";
constexpr std::string_view plain_mark = "plain:";

// A sealed key cannot be moved to another kid's row.
std::string place_of(std::string_view kid) { return fmt::format("signing_keys/{}", kid); }

std::optional<std::string> source_of(const Settings& settings, const db::Database& db) {
  return server_key_source(settings, db::database_file(db.url()));
}

// The JWK as it is published (RFC 7517 section 4).
std::string published_jwk(const crypto::PrivateKey& key) {
  std::string json = crypto::canonical_json(key.public_jwk());
  json.pop_back();
  return fmt::format(R"({},"use":"sig","alg":"{}","kid":"{}"}})", json, crypto::name(key.algorithm()),
                     key.kid());
}

std::optional<std::string> open_pkcs8(const store::SigningKey& key,
                                      const std::optional<std::string>& sealing_key) {
  std::string_view text = key.private_sealed;
  if (text.starts_with(plain_mark)) return crypto::base64url_decode(text.substr(plain_mark.size()));
  if (!text.starts_with(sealed_mark) || !sealing_key) return std::nullopt;
  return crypto::open(*sealing_key, text.substr(sealed_mark.size()), place_of(key.kid));
}

}  // namespace

std::string derive_sealing_key(std::string_view server_key) {
  return crypto::derive_key(server_key, "", "signing keys");
}

std::optional<std::string> find_sealing_key(const Settings& settings, const db::Database& db) {
  const auto source = source_of(settings, db);
  return source ? std::optional(derive_sealing_key(read_server_key(*source))) : std::nullopt;
}

bool lacks_server_key(const Settings& settings, const db::Database& db) { return !source_of(settings, db); }

bool is_sealed(const store::SigningKey& key) { return key.private_sealed.starts_with(sealed_mark); }

crypto::PrivateKey make_private_key(crypto::SigningAlgorithm algorithm) {
  for (;;) {
    auto key = crypto::PrivateKey::generate(algorithm);
    if (!key.kid().starts_with('-')) return key;
  }
}

store::SigningKey signing_key_row(const crypto::PrivateKey& key,
                                  const std::optional<std::string>& sealing_key, std::int64_t now) {
  const std::string kid = key.kid();
  return {kid,
          std::string(crypto::name(key.algorithm())),
          published_jwk(key),
          seal_private_key(key, kid, sealing_key),
          now,
          std::nullopt,
          std::nullopt};
}

std::string seal_private_key(const crypto::PrivateKey& key, std::string_view kid,
                             const std::optional<std::string>& sealing_key) {
  const std::string pkcs8 = key.pkcs8();
  if (!sealing_key) return std::string(plain_mark) + crypto::base64url(pkcs8);
  return std::string(sealed_mark) + crypto::seal(*sealing_key, pkcs8, place_of(kid));
}

crypto::PrivateKey open_private_key(const store::SigningKey& key,
                                    const std::optional<std::string>& sealing_key) {
  if (is_sealed(key) && !sealing_key)
    throw CannotOpen(fmt::format("the signing key {} is sealed, and server_key is not set", key.kid));
  const auto pkcs8 = open_pkcs8(key, sealing_key);
  auto opened = pkcs8 ? crypto::PrivateKey::from_pkcs8(*pkcs8) : std::nullopt;
  // What signs under a kid is what is published under it.
  if (!opened || opened->kid() != key.kid || crypto::name(opened->algorithm()) != key.algorithm) {
    throw CannotOpen(fmt::format("the signing key {} does not open with the server's key at hand", key.kid));
  }
  return std::move(*opened);
}

}  // namespace oauth2::protocol
