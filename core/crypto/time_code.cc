#include "core/crypto/time_code.h"

#include <chrono>

#include "core/crypto/base62.h"
#include "core/crypto/random.h"

namespace oauth2::crypto {

std::string time_code() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count();
  return base62(static_cast<std::uint64_t>(milliseconds), time_code_length);
}

std::int64_t time_of_code(std::string_view code) {
  std::int64_t milliseconds = 0;
  for (const char digit : code)
    milliseconds = milliseconds * 62 + static_cast<std::int64_t>(base62_alphabet.find(digit));
  return milliseconds;
}

std::string ordered_id() { return time_code() + random_base62(16); }

}  // namespace oauth2::crypto
