#include "core/crypto/random.h"

#include <openssl/rand.h>

#include <stdexcept>

#include "core/crypto/base62.h"

namespace oauth2::crypto {

std::string random_bytes(std::size_t size) {
  std::string out(size, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(size)) != 1) {
    throw std::runtime_error("the system's random generator failed");
  }
  return out;
}

std::string random_base62(std::size_t length) {
  std::string out;
  out.reserve(length);
  while (out.size() < length) {
    for (const char c : random_bytes(length + length / 16 + 4)) {
      const auto byte = static_cast<unsigned char>(c) & 63U;  // 62 and 63 are thrown away: no bias
      if (byte < 62 && out.size() < length) out += base62_alphabet[byte];
    }
  }
  return out;
}

}  // namespace oauth2::crypto
