#include "core/crypto/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "core/crypto/base64url.h"

namespace oauth2::crypto {
namespace {

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) ? 0xEDB88320U : 0);
    table[i] = value;
  }
  return table;
}

constexpr auto crc_table = make_crc_table();

std::string hmac(const char* digest, std::size_t digest_size, std::string_view key, std::string_view bytes) {
  std::string out(digest_size, '\0');
  std::size_t size = 0;
  if (!EVP_Q_mac(nullptr, "HMAC", nullptr, digest, nullptr, key.data(), key.size(),
                 reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                 reinterpret_cast<unsigned char*>(out.data()), out.size(), &size) ||
      size != out.size()) {
    throw std::runtime_error(std::string("HMAC with ") + digest + " failed");
  }
  return out;
}

}  // namespace

std::string sha256(std::string_view bytes) {
  // Fetched once: looking the algorithm up by name at each call costs more than hashing a token does.
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::string out(32, '\0');
  if (!algorithm || EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()),
                               nullptr, algorithm, nullptr) != 1) {
    throw std::runtime_error("SHA-256 failed");
  }
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  return hmac("SHA256", 32, key, bytes);
}

std::string hmac_sha1(std::string_view key, std::string_view bytes) { return hmac("SHA1", 20, key, bytes); }

std::string sha256_base64url(std::string_view bytes) { return base64url(sha256(bytes)); }

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t value = 0xFFFFFFFFU;
  for (const char c : bytes) value = crc_table[(value ^ static_cast<unsigned char>(c)) & 0xFF] ^ (value >> 8);
  return value ^ 0xFFFFFFFFU;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace oauth2::crypto
