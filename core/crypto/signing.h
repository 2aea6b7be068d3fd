#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace oauth2::crypto {

// What a JWT is signed with (RFC 7518 section 3.1, RFC 8037): Ed25519, ECDSA on P-256, RSASSA-PKCS1-v1_5; the
// last two over SHA-256.
enum class SigningAlgorithm { eddsa, es256, rs256 };

std::string_view name(SigningAlgorithm algorithm);  // EdDSA, ES256, RS256
std::optional<SigningAlgorithm> find_signing_algorithm(std::string_view name);

// The public members of a JSON Web Key (RFC 7517), numbers and points in base64url; "" where its type has
// none.
struct Jwk {
  std::string kty;
  std::string crv;
  std::string x;
  std::string y;
  std::string n;
  std::string e;
  bool operator==(const Jwk&) const = default;
};

// A JSON object of these members and no white space, in the order that RFC 7638 wants.
std::string canonical_json(const Jwk& jwk);

// RFC 7638: the SHA-256 of that, as base64url. The name of a key that everybody derives alike.
std::string thumbprint(const Jwk& jwk);

struct OpensslKey;  // a key of OpenSSL, and contexts that are ready for it

// Many threads may use one; a copy is the same key.
class PublicKey {
 public:
  // nullopt for a key that is malformed or not of this algorithm: another type or curve, a point that is not
  // on the curve, an RSA modulus below 2048 bits.
  static std::optional<PublicKey> from(const Jwk& jwk, SigningAlgorithm algorithm);

  SigningAlgorithm algorithm() const;
  // A signature of ES256 is r and s, 32 bytes each (RFC 7518 section 3.4).
  bool verify(std::string_view message, std::string_view signature) const;
  std::string pem() const;  // SubjectPublicKeyInfo, for programs that want a file

 private:
  friend class PrivateKey;
  explicit PublicKey(std::shared_ptr<const OpensslKey> key);
  std::shared_ptr<const OpensslKey> key_;
};

// Many threads may use one; a copy is the same key.
class PrivateKey {
 public:
  static PrivateKey generate(SigningAlgorithm algorithm);  // RSA: 2048 bits
  // PKCS #8 in DER; nullopt where that holds no key of these algorithms.
  static std::optional<PrivateKey> from_pkcs8(std::string_view der);

  std::string pkcs8() const;
  std::string pkcs8_pem() const;
  SigningAlgorithm algorithm() const;
  Jwk public_jwk() const;
  std::string kid() const;  // the thumbprint of its public_jwk()
  std::string sign(std::string_view message) const;
  PublicKey public_key() const;

 private:
  explicit PrivateKey(std::shared_ptr<const OpensslKey> key);
  std::shared_ptr<const OpensslKey> key_;
};

}  // namespace oauth2::crypto
