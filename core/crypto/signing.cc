#include "core/crypto/signing.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "core/crypto/base64url.h"
#include "core/crypto/hash.h"

namespace oauth2::crypto {
namespace {

constexpr std::size_t coordinate_size = 32;  // of P-256, and of a key of Ed25519
constexpr int least_rsa_bits = 2048;
constexpr int most_rsa_bits = 8192;  // verifying takes longer with its square

constexpr std::array<std::pair<SigningAlgorithm, std::string_view>, 3> algorithm_names = {
    {{SigningAlgorithm::eddsa, "EdDSA"},
     {SigningAlgorithm::es256, "ES256"},
     {SigningAlgorithm::rs256, "RS256"}}};

template <auto free>
struct Free {
  template <class T>
  void operator()(T* resource) const {
    free(resource);
  }
};
using Pkey = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Free<BN_clear_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;
using Pkcs8 = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Free<PKCS8_PRIV_KEY_INFO_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free_all>>;

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string(what) + " failed");
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

Number number_of(std::string_view big_endian) {
  return Number(BN_bin2bn(bytes_of(big_endian), static_cast<int>(big_endian.size()), nullptr));
}

// Big-endian in exactly `size` bytes, or in as few as it takes for 0.
std::string bytes_of_number(const BIGNUM* number, std::size_t size = 0) {
  std::string bytes(size > 0 ? size : static_cast<std::size_t>(BN_num_bytes(number)), '\0');
  require(BN_bn2binpad(number, bytes_of(bytes), static_cast<int>(bytes.size())) >= 0, "writing a number");
  return bytes;
}

std::string text_in(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return std::string(data, static_cast<std::size_t>(size));
}

// What DER (RFC 8017, SEC 1) has for r||s and back. nullopt unless it is two numbers of 32 bytes.
std::optional<std::string> der_of(std::string_view r_and_s) {
  if (r_and_s.size() != 2 * coordinate_size) return std::nullopt;
  const EcdsaSignature signature(ECDSA_SIG_new());
  Number r = number_of(r_and_s.substr(0, coordinate_size));
  Number s = number_of(r_and_s.substr(coordinate_size));
  require(signature && r && s && ECDSA_SIG_set0(signature.get(), r.get(), s.get()) == 1, "ECDSA");
  r.release();
  s.release();
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  require(size > 0, "ECDSA");
  std::string out(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

std::string r_and_s_of(std::string_view der) {
  const unsigned char* in = bytes_of(der);
  const EcdsaSignature signature(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())));
  require(signature != nullptr, "ECDSA");
  return bytes_of_number(ECDSA_SIG_get0_r(signature.get()), coordinate_size) +
         bytes_of_number(ECDSA_SIG_get0_s(signature.get()), coordinate_size);
}

// The algorithm that this key is for; nullopt for none of ours.
std::optional<SigningAlgorithm> algorithm_of(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "ED25519")) return SigningAlgorithm::eddsa;
  if (EVP_PKEY_is_a(key, "RSA")) {
    const int bits = EVP_PKEY_get_bits(key);
    if (bits < least_rsa_bits || bits > most_rsa_bits) return std::nullopt;
    return SigningAlgorithm::rs256;
  }
  std::array<char, 64> group{};
  std::size_t length = 0;
  if (EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) == 1 &&
      std::string_view(group.data(), length) == SN_X9_62_prime256v1) {
    return SigningAlgorithm::es256;
  }
  return std::nullopt;
}

std::string number_parameter(const EVP_PKEY* key, const char* which, std::size_t size = 0) {
  BIGNUM* number = nullptr;
  require(EVP_PKEY_get_bn_param(key, which, &number) == 1, "reading a key");
  const Number owner(number);
  return base64url(bytes_of_number(number, size));
}

Pkey public_key_from(const char* type, OSSL_PARAM* parameters) {
  const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  require(context && EVP_PKEY_fromdata_init(context.get()) == 1, "making a key");
  if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1) return nullptr;
  return Pkey(key);
}

Pkey ed25519_key(const Jwk& jwk) {
  const auto x = base64url_decode(jwk.x);
  if (jwk.kty != "OKP" || jwk.crv != "Ed25519" || !x || x->size() != coordinate_size) return nullptr;
  return Pkey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(*x), x->size()));
}

Pkey p256_key(const Jwk& jwk) {
  const auto x = base64url_decode(jwk.x);
  const auto y = base64url_decode(jwk.y);
  if (jwk.kty != "EC" || jwk.crv != "P-256" || !x || !y || x->size() != coordinate_size ||
      y->size() != coordinate_size) {
    return nullptr;
  }
  std::string point = "\x04" + *x + *y;
  std::string group = SN_X9_62_prime256v1;
  std::array<OSSL_PARAM, 3> parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end()};
  Pkey key = public_key_from("EC", parameters.data());
  if (!key) return nullptr;
  const PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  require(context != nullptr, "making a key");
  if (EVP_PKEY_public_check(context.get()) != 1) return nullptr;  // is the point on the curve?
  return key;
}

Pkey rsa_key(const Jwk& jwk) {
  const auto n = base64url_decode(jwk.n);
  const auto e = base64url_decode(jwk.e);
  const auto is_minimal = [](const auto& bytes) { return bytes && !bytes->empty() && (*bytes)[0] != '\0'; };
  if (jwk.kty != "RSA" || !is_minimal(n) || !is_minimal(e)) return nullptr;
  // Neither can be even; an exponent of 1 would let everybody sign, and a long one is only slow.
  const auto is_odd = [](const std::string& bytes) { return (bytes.back() & 1) != 0; };
  if (!is_odd(*n) || !is_odd(*e) || *e == "\x01" || e->size() > 8) return nullptr;
  if (n->size() > most_rsa_bits / 8) return nullptr;
  const Number modulus = number_of(*n);
  const Number exponent = number_of(*e);
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  require(modulus && exponent && builder &&
              OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) == 1 &&
              OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) == 1,
          "making a key");
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  require(parameters != nullptr, "making a key");
  return public_key_from("RSA", parameters.get());
}

DigestContext copy_of(const EVP_MD_CTX* ready) {
  DigestContext context(EVP_MD_CTX_new());
  require(context && EVP_MD_CTX_copy_ex(context.get(), ready) == 1, "preparing a signature");
  return context;
}

}  // namespace

// Looking up an algorithm takes OpenSSL longer than some signatures do, so it is done once; each signature
// works on a copy of what was made then.
struct OpensslKey {
  Pkey pkey;
  SigningAlgorithm algorithm{};
  DigestContext to_sign;  // nullptr for a public key
  DigestContext to_verify;

  OpensslKey(Pkey which, SigningAlgorithm its_algorithm, bool is_private)
      : pkey(std::move(which)), algorithm(its_algorithm), to_verify(EVP_MD_CTX_new()) {
    const char* digest = algorithm == SigningAlgorithm::eddsa ? nullptr : "SHA256";
    const auto prepare = [&](const DigestContext& context, auto init) {
      require(context && init(context.get(), nullptr, digest, nullptr, nullptr, pkey.get(), nullptr) == 1,
              "preparing a signature");
    };
    prepare(to_verify, EVP_DigestVerifyInit_ex);
    if (!is_private) return;
    to_sign.reset(EVP_MD_CTX_new());
    prepare(to_sign, EVP_DigestSignInit_ex);
  }
};

std::string_view name(SigningAlgorithm algorithm) {
  for (const auto& [known, text] : algorithm_names) {
    if (known == algorithm) return text;
  }
  return {};
}

std::optional<SigningAlgorithm> find_signing_algorithm(std::string_view name) {
  for (const auto& [algorithm, text] : algorithm_names) {
    if (text == name) return algorithm;
  }
  return std::nullopt;
}

std::string canonical_json(const Jwk& jwk) {
  // Nothing needs escaping: all values are base64url, or one of the few names.
  std::string json;
  const auto member = [&json](std::string_view key, std::string_view value) {
    if (value.empty()) return;
    json.append(json.empty() ? "{\"" : ",\"").append(key).append("\":\"").append(value).append("\"");
  };
  member("crv", jwk.crv);
  member("e", jwk.e);
  member("kty", jwk.kty);
  member("n", jwk.n);
  member("x", jwk.x);
  member("y", jwk.y);
  return json + "}";
}

std::string thumbprint(const Jwk& jwk) { return sha256_base64url(canonical_json(jwk)); }

PublicKey::PublicKey(std::shared_ptr<const OpensslKey> key) : key_(std::move(key)) {}

std::optional<PublicKey> PublicKey::from(const Jwk& jwk, SigningAlgorithm algorithm) {
  Pkey key;
  if (algorithm == SigningAlgorithm::eddsa) key = ed25519_key(jwk);
  if (algorithm == SigningAlgorithm::es256) key = p256_key(jwk);
  if (algorithm == SigningAlgorithm::rs256) key = rsa_key(jwk);
  ERR_clear_error();  // of a stranger's key; nobody is to find it in a later call's errors
  if (!key || algorithm_of(key.get()) != algorithm) return std::nullopt;
  return PublicKey(std::make_shared<const OpensslKey>(std::move(key), algorithm, false));
}

SigningAlgorithm PublicKey::algorithm() const { return key_->algorithm; }

bool PublicKey::verify(std::string_view message, std::string_view signature) const {
  std::optional<std::string> der;
  if (key_->algorithm == SigningAlgorithm::es256) {
    der = der_of(signature);
    if (!der) return false;
    signature = *der;
  }
  const DigestContext context = copy_of(key_->to_verify.get());
  const int answer = EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                                      message.size());
  if (answer != 1) ERR_clear_error();
  return answer == 1;
}

std::string PublicKey::pem() const {
  const Memory memory(BIO_new(BIO_s_mem()));
  require(memory && PEM_write_bio_PUBKEY(memory.get(), key_->pkey.get()) == 1, "writing a key");
  return text_in(memory.get());
}

PrivateKey::PrivateKey(std::shared_ptr<const OpensslKey> key) : key_(std::move(key)) {}

PrivateKey PrivateKey::generate(SigningAlgorithm algorithm) {
  Pkey key;
  if (algorithm == SigningAlgorithm::eddsa) key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  if (algorithm == SigningAlgorithm::es256) key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  if (algorithm == SigningAlgorithm::rs256) {
    key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{least_rsa_bits}));
  }
  require(key != nullptr, "making a key");
  return PrivateKey(std::make_shared<const OpensslKey>(std::move(key), algorithm, true));
}

std::optional<PrivateKey> PrivateKey::from_pkcs8(std::string_view der) {
  const unsigned char* in = bytes_of(der);
  const Pkcs8 info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &in, static_cast<long>(der.size())));
  Pkey key(info && in == bytes_of(der) + der.size() ? EVP_PKCS82PKEY(info.get()) : nullptr);
  ERR_clear_error();
  const auto algorithm = key ? algorithm_of(key.get()) : std::nullopt;
  if (!algorithm) return std::nullopt;
  return PrivateKey(std::make_shared<const OpensslKey>(std::move(key), *algorithm, true));
}

std::string PrivateKey::pkcs8() const {
  const Memory memory(BIO_new(BIO_s_mem()));
  const Pkcs8 info(EVP_PKEY2PKCS8(key_->pkey.get()));
  require(memory && info && i2d_PKCS8_PRIV_KEY_INFO_bio(memory.get(), info.get()) == 1, "writing a key");
  return text_in(memory.get());
}

std::string PrivateKey::pkcs8_pem() const {
  const Memory memory(BIO_new(BIO_s_mem()));
  require(memory && PEM_write_bio_PKCS8PrivateKey(memory.get(), key_->pkey.get(), nullptr, nullptr, 0,
                                                  nullptr, nullptr) == 1,
          "writing a key");
  return text_in(memory.get());
}

SigningAlgorithm PrivateKey::algorithm() const { return key_->algorithm; }

Jwk PrivateKey::public_jwk() const {
  const EVP_PKEY* key = key_->pkey.get();
  Jwk jwk;
  if (key_->algorithm == SigningAlgorithm::eddsa) {
    std::string x(coordinate_size, '\0');
    std::size_t size = x.size();
    require(EVP_PKEY_get_raw_public_key(key, bytes_of(x), &size) == 1 && size == x.size(), "reading a key");
    jwk.kty = "OKP";
    jwk.crv = "Ed25519";
    jwk.x = base64url(x);
  } else if (key_->algorithm == SigningAlgorithm::es256) {
    jwk.kty = "EC";
    jwk.crv = "P-256";
    jwk.x = number_parameter(key, OSSL_PKEY_PARAM_EC_PUB_X, coordinate_size);
    jwk.y = number_parameter(key, OSSL_PKEY_PARAM_EC_PUB_Y, coordinate_size);
  } else {
    jwk.kty = "RSA";
    jwk.n = number_parameter(key, OSSL_PKEY_PARAM_RSA_N);
    jwk.e = number_parameter(key, OSSL_PKEY_PARAM_RSA_E);
  }
  return jwk;
}

std::string PrivateKey::kid() const { return thumbprint(public_jwk()); }

std::string PrivateKey::sign(std::string_view message) const {
  const DigestContext context = copy_of(key_->to_sign.get());
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_->pkey.get())), '\0');
  std::size_t size = signature.size();
  require(EVP_DigestSign(context.get(), bytes_of(signature), &size, bytes_of(message), message.size()) == 1,
          "signing");
  signature.resize(size);
  return key_->algorithm == SigningAlgorithm::es256 ? r_and_s_of(signature) : signature;
}

PublicKey PrivateKey::public_key() const { return PublicKey(key_); }

}  // namespace oauth2::crypto
