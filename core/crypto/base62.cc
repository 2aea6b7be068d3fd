#include "core/crypto/base62.h"

#include <algorithm>

namespace oauth2::crypto {

std::string base62(Uint128 value, std::size_t length) {
  std::string out(length, '0');
  for (std::size_t i = length; i-- > 0; value /= 62) {
    out[i] = base62_alphabet[static_cast<std::size_t>(value % 62)];
  }
  return out;
}

bool is_base62(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  });
}

}  // namespace oauth2::crypto
