#include "core/crypto/seal.h"

#include <doctest/doctest.h>

#include <string>

#include "core/crypto/base64url.h"

using namespace oauth2::crypto;

namespace {

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

}  // namespace

TEST_CASE("AES-256-GCM gives the test cases 13 to 16 of the GCM specification") {
  struct Vector {
    const char* key;
    const char* nonce;
    const char* associated_data;
    const char* plaintext;
    const char* ciphertext;
    const char* tag;
  };
  const char* zeros = "0000000000000000000000000000000000000000000000000000000000000000";
  const char* key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
  const char* nonce = "cafebabefacedbaddecaf888";
  const char* plaintext =
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
  const char* ciphertext =
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad";
  const std::string shorter_plaintext = std::string(plaintext).substr(0, 120);
  const std::string shorter_ciphertext = std::string(ciphertext).substr(0, 120);
  const Vector vectors[] = {
      {zeros, "000000000000000000000000", "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
      {zeros, "000000000000000000000000", "", "00000000000000000000000000000000",
       "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"},
      {key, nonce, "", plaintext, ciphertext, "b094dac5d93471bdec1a502270e3cc6c"},
      {key, nonce, "feedfacedeadbeeffeedfacedeadbeefabaddad2", shorter_plaintext.c_str(),
       shorter_ciphertext.c_str(), "76fc6ece0f4e1768cddf8853bb2d551b"}};
  for (const Vector& vector : vectors) {
    CAPTURE(vector.tag);
    const std::string sealed =
        base64url(from_hex(vector.nonce) + from_hex(vector.ciphertext) + from_hex(vector.tag));
    CHECK(open(from_hex(vector.key), sealed, from_hex(vector.associated_data)) == from_hex(vector.plaintext));
  }
}

TEST_CASE("HKDF-SHA256 gives the vectors of RFC 5869 appendix A") {
  struct Vector {
    std::string secret;
    std::string salt;
    std::string info;
    const char* key;
  };
  std::string long_secret;
  std::string long_salt;
  std::string long_info;
  for (int i = 0; i < 80; ++i) {
    long_secret += static_cast<char>(i);
    long_salt += static_cast<char>(0x60 + i);
    long_info += static_cast<char>(0xB0 + i);
  }
  const std::string secret(22, '\x0b');
  const Vector vectors[] = {{secret, from_hex("000102030405060708090a0b0c"), from_hex("f0f1f2f3f4f5f6f7f8f9"),
                             "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                             "34007208d5b887185865"},
                            {long_secret, long_salt, long_info,
                             "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                             "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                             "cc30c58179ec3e87c14c01d5c1f3434f1d87"},
                            {secret, "", "",
                             "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                             "9d201395faa4b61a96c8"}};
  for (const Vector& vector : vectors) {
    const std::string expected = from_hex(vector.key);
    CAPTURE(vector.key);
    CHECK(derive_key(vector.secret, vector.salt, vector.info, expected.size()) == expected);
  }
}

TEST_CASE("what was sealed opens with the same key and associated data, and no two texts are alike") {
  const std::string key = derive_key("secret", "", "a test");
  for (const std::string& plaintext : {std::string(), std::string("x"), std::string("\0\xFF z", 4)}) {
    const std::string sealed = seal(key, plaintext, "where");
    CHECK(open(key, sealed, "where") == plaintext);
    CHECK(seal(key, plaintext, "where") != sealed);
  }
}

TEST_CASE("nothing opens under another key, at another place, or with a bit changed") {
  const std::string key = derive_key("secret", "", "a test");
  const std::string sealed = seal(key, "plaintext", "where");
  CHECK_FALSE(open(derive_key("secret", "", "another"), sealed, "where").has_value());
  CHECK_FALSE(open(derive_key("Secret", "", "a test"), sealed, "where").has_value());
  CHECK_FALSE(open(key, sealed, "elsewhere").has_value());
  const std::string bytes = *base64url_decode(sealed);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK_FALSE(open(key, base64url(changed), "where").has_value());
    CHECK_FALSE(open(key, base64url(bytes.substr(0, i)), "where").has_value());
  }
  for (const char* junk : {"", "x", "not base64url!", "AAAA"})
    CHECK_FALSE(open(key, junk, "where").has_value());
}
