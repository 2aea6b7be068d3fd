#include "core/crypto/base64url.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace oauth2::crypto {
namespace {

constexpr std::string_view common = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

using Alphabet = std::array<char, 64>;

constexpr Alphabet make_alphabet(char c62, char c63) {
  Alphabet alphabet{};
  std::copy(common.begin(), common.end(), alphabet.begin());
  alphabet[62] = c62;
  alphabet[63] = c63;
  return alphabet;
}

constexpr std::array<std::int8_t, 256> reverse_table(const Alphabet& alphabet) {
  std::array<std::int8_t, 256> table{};
  for (auto& entry : table) entry = -1;
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  }
  return table;
}

constexpr auto url_alphabet = make_alphabet('-', '_');
constexpr auto plain_alphabet = make_alphabet('+', '/');
constexpr auto url_table = reverse_table(url_alphabet);
constexpr auto plain_table = reverse_table(plain_alphabet);

std::optional<std::string> decode(std::string_view text, const std::array<std::int8_t, 256>& table) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out(text.size() * 3 / 4, '\0');
  char* to = out.data();
  const auto value_of = [&](char c) { return static_cast<int>(table[static_cast<unsigned char>(c)]); };
  // Four at a time: a JWT's claims are read on every request.
  for (; text.size() >= 4; text.remove_prefix(4), to += 3) {
    const int a = value_of(text[0]), b = value_of(text[1]), c = value_of(text[2]), d = value_of(text[3]);
    if ((a | b | c | d) < 0) return std::nullopt;
    to[0] = static_cast<char>(a << 2 | b >> 4);
    to[1] = static_cast<char>(b << 4 | c >> 2);
    to[2] = static_cast<char>(c << 6 | d);
  }
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int value = value_of(c);
    if (value < 0) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      *to++ = static_cast<char>((bits >> count) & 0xFF);
    }
  }
  if ((bits & ((1U << count) - 1)) != 0) return std::nullopt;
  return out;
}

std::string encode(std::string_view bytes, const Alphabet& alphabet) {
  std::string out((bytes.size() * 4 + 2) / 3, '\0');
  std::size_t length = 0;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    count += 8;
    while (count >= 6) {
      count -= 6;
      out[length++] = alphabet[(bits >> count) & 63];
    }
  }
  if (count > 0) out[length] = alphabet[(bits << (6 - count)) & 63];
  return out;
}

}  // namespace

std::string base64url(std::string_view bytes) { return encode(bytes, url_alphabet); }

std::string base64(std::string_view bytes) {
  std::string out = encode(bytes, plain_alphabet);
  out.append((4 - out.size() % 4) % 4, '=');
  return out;
}

std::optional<std::string> base64url_decode(std::string_view text) { return decode(text, url_table); }

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 == 0 && text.ends_with('=')) text.remove_suffix(text.ends_with("==") ? 2 : 1);
  return decode(text, plain_table);
}

}  // namespace oauth2::crypto
