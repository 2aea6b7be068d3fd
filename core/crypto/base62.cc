#include "core/crypto/base62.h"

#include <algorithm>

namespace oauth2::crypto {

std::string base62(Uint128 value, std::size_t length) {
  // Ten digits at a time: a division of 128 bits costs many of 64.
  constexpr std::uint64_t ten_digits = 839'299'365'868'340'224;  // 62 to the tenth
  std::string out(length, '0');
  for (std::size_t end = length; end > 0;) {
    auto digits = static_cast<std::uint64_t>(value % ten_digits);
    value /= ten_digits;
    const std::size_t begin = end > 10 ? end - 10 : 0;
    for (; end > begin; digits /= 62) out[--end] = base62_alphabet[digits % 62];
  }
  return out;
}

bool is_base62(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  });
}

}  // namespace oauth2::crypto
