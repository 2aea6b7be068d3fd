#include "core/crypto/password.h"

#include <argon2.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "core/crypto/random.h"
#include "core/text.h"

namespace oauth2::crypto {
namespace {

constexpr std::uint32_t memory_kib = 19'456;
constexpr std::uint32_t passes = 2;
constexpr std::uint32_t lanes = 1;
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;
constexpr std::size_t most_characters = 128;

// The heads of every list of leaked passwords, among those that are long enough to be asked about.
constexpr std::string_view common_passwords[] = {
    "password",      "password1",  "password12", "password123", "passw0rd",   "p@ssw0rd",  "12345678",
    "123456789",     "1234567890", "87654321",   "11111111",    "00000000",   "qwertyui",  "qwertyuiop",
    "qwerty123",     "1q2w3e4r",   "1qaz2wsx",   "iloveyou",    "sunshine",   "princess",  "football",
    "baseball",      "superman",   "trustno1",   "welcome1",    "welcome123", "letmein1",  "admin123",
    "administrator", "changeme",   "changeme1",  "abcd1234",    "abc12345",   "computer",  "internet",
    "starwars",      "whatever",   "michelle",   "jennifer",    "access14",   "asdfghjkl", "zaq12wsx",
};

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string hash_password(std::string_view password) {
  const std::string salt = random_bytes(salt_bytes);
  std::string phc(argon2_encodedlen(passes, memory_kib, lanes, salt_bytes, hash_bytes, Argon2_id), '\0');
  const int result = argon2id_hash_encoded(passes, memory_kib, lanes, password.data(), password.size(),
                                           salt.data(), salt.size(), hash_bytes, phc.data(), phc.size());
  if (result != ARGON2_OK) throw std::runtime_error(argon2_error_message(result));
  phc.resize(phc.find('\0'));
  return phc;
}

bool verify_password(std::string_view password, const std::string& phc) {
  const int result = argon2id_verify(phc.c_str(), password.data(), password.size());
  if (result == ARGON2_OK) return true;
  if (result == ARGON2_VERIFY_MISMATCH) return false;
  throw std::runtime_error(argon2_error_message(result));
}

std::string nobodys_password_hash() {
  // Base64 without padding, all bits 0: a hash that nobody will ever find a password for.
  const auto zeros = [](std::size_t bytes) { return std::string((bytes * 8 + 5) / 6, 'A'); };
  return fmt::format("$argon2id$v={}$m={},t={},p={}${}${}", static_cast<int>(ARGON2_VERSION_NUMBER),
                     memory_kib, passes, lanes, zeros(salt_bytes), zeros(hash_bytes));
}

bool is_possible_password(std::string_view password) {
  return text::is_utf8(password) && count_characters(password) <= most_characters;
}

bool is_common_password(std::string_view password) {
  const std::string folded = text::lower(password);
  return std::find(std::begin(common_passwords), std::end(common_passwords), folded) !=
             std::end(common_passwords) ||
         std::all_of(folded.begin(), folded.end(), [&](char c) { return c == folded[0]; });
}

std::optional<std::string> password_problem(std::string_view password) {
  if (!text::is_utf8(password)) return "the password is not valid UTF-8";
  if (text::has_control(password)) return "the password has a line break, a tab or another control character";
  const std::size_t characters = count_characters(password);
  if (characters < 8) return "the password is shorter than 8 characters";
  if (characters > most_characters) return "the password is longer than 128 characters";
  if (is_common_password(password)) return "the password is one of the most common ones";
  return std::nullopt;
}

}  // namespace oauth2::crypto
