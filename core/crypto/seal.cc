#include "core/crypto/seal.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <array>
#include <memory>
#include <stdexcept>

#include "core/crypto/base64url.h"
#include "core/crypto/random.h"

namespace oauth2::crypto {
namespace {

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;
using KdfContext = std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)>;

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string(what) + " failed");
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// Ready for the text itself: key, nonce and associated data are in.
CipherContext start(bool sealing, std::string_view key, std::string_view nonce,
                    std::string_view associated_data) {
  // Fetched once: looking it up by name at each call costs more than the few bytes that are sealed.
  static const EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  if (key.size() != seal_key_size) throw std::invalid_argument("a key to seal with has 32 bytes");
  CipherContext context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int length = 0;
  require(algorithm && context &&
              EVP_CipherInit_ex2(context.get(), algorithm, bytes_of(key), bytes_of(nonce), sealing ? 1 : 0,
                                 nullptr) == 1 &&
              EVP_CipherUpdate(context.get(), nullptr, &length, bytes_of(associated_data),
                               static_cast<int>(associated_data.size())) == 1,
          "AES-256-GCM");
  return context;
}

// GCM is a stream cipher: as many bytes come out as go in.
std::string update(EVP_CIPHER_CTX* context, std::string_view in) {
  std::string out(in.size(), '\0');
  int length = 0;
  require(EVP_CipherUpdate(context, bytes_of(out), &length, bytes_of(in), static_cast<int>(in.size())) == 1 &&
              static_cast<std::size_t>(length) == out.size(),
          "AES-256-GCM");
  return out;
}

// Of GCM no bytes come at the end; with the tag set before, it says whether the tag is right.
bool finish(EVP_CIPHER_CTX* context) {
  std::array<unsigned char, EVP_MAX_BLOCK_LENGTH> nothing{};
  int length = 0;
  return EVP_CipherFinal_ex(context, nothing.data(), &length) == 1;
}

}  // namespace

std::string seal(std::string_view key, std::string_view plaintext, std::string_view associated_data) {
  const std::string nonce = random_bytes(nonce_size);
  const CipherContext context = start(true, key, nonce, associated_data);
  const std::string ciphertext = update(context.get(), plaintext);
  std::string tag(tag_size, '\0');
  require(finish(context.get()) &&
              EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_size, tag.data()) == 1,
          "AES-256-GCM");
  return base64url(nonce + ciphertext + tag);
}

std::optional<std::string> open(std::string_view key, std::string_view sealed,
                                std::string_view associated_data) {
  const auto decoded = base64url_decode(sealed);
  if (!decoded || decoded->size() < nonce_size + tag_size) return std::nullopt;
  const std::string_view bytes = *decoded;
  const std::string_view ciphertext = bytes.substr(nonce_size, bytes.size() - nonce_size - tag_size);
  std::string tag(bytes.substr(bytes.size() - tag_size));
  const CipherContext context = start(false, key, bytes.substr(0, nonce_size), associated_data);
  std::string plaintext = update(context.get(), ciphertext);
  require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1,
          "AES-256-GCM");
  if (!finish(context.get())) return std::nullopt;
  return plaintext;
}

std::string derive_key(std::string_view secret, std::string_view salt, std::string_view info,
                       std::size_t size) {
  static EVP_KDF* const algorithm = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  const KdfContext context(algorithm ? EVP_KDF_CTX_new(algorithm) : nullptr, EVP_KDF_CTX_free);
  std::string digest = "SHA256";
  const auto octets = [](const char* name, std::string_view value) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(value.data()), value.size());
  };
  const std::array<OSSL_PARAM, 5> parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      octets(OSSL_KDF_PARAM_KEY, secret), octets(OSSL_KDF_PARAM_SALT, salt),
      octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  std::string key(size, '\0');
  require(context && EVP_KDF_derive(context.get(), bytes_of(key), key.size(), parameters.data()) == 1,
          "HKDF-SHA256");
  return key;
}

}  // namespace oauth2::crypto
