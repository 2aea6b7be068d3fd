#include <doctest/doctest.h>

#include <string>

#include "core/crypto/base62.h"
#include "core/crypto/base64url.h"
#include "core/crypto/hash.h"

using namespace oauth2::crypto;

TEST_CASE("base64url follows the vectors of RFC 4648 section 10, without padding") {
  struct Vector {
    const char* bytes;
    const char* text;
  };
  const Vector vectors[] = {{"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
                            {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& vector : vectors) {
    CHECK(base64url(vector.bytes) == vector.text);
    CHECK(base64url_decode(vector.text) == std::string(vector.bytes));
  }
}

TEST_CASE("base64url_decode refuses padding, other alphabets, white space and bits left over") {
  for (const char* text : {"Zg==", "Zm9v+", "Zm9v/", "Zm 9v", "Z", "Zh", "Zm9", "Zm9v\n"}) {
    CAPTURE(text);
    CHECK_FALSE(base64url_decode(text).has_value());
  }
}

TEST_CASE("base64_decode takes padded and unpadded text, as HTTP Basic senders write it") {
  CHECK(base64_decode("QWxhZGRpbjpvcGVuIHNlc2FtZQ==") == std::string("Aladdin:open sesame"));
  CHECK(base64_decode("QWxhZGRpbjpvcGVuIHNlc2FtZQ") == std::string("Aladdin:open sesame"));
  for (const char* text : {"Q===", "====", "=QQ=", "QQ=", "Q_==", "QUI=="}) {
    CAPTURE(text);
    CHECK_FALSE(base64_decode(text).has_value());
  }
}

TEST_CASE("base64 follows the vectors of RFC 4648 section 10, with padding") {
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foob") == "Zm9vYg==");
  CHECK(base64("\xfb\xff") == "+/8=");
}

TEST_CASE("SHA-256 gives the vector of FIPS 180-2 for abc") {
  CHECK(sha256_base64url("abc") == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
}

TEST_CASE("CRC-32 gives the check value of its catalogue") { CHECK(crc32("123456789") == 0xCBF43926U); }

TEST_CASE("base62 writes the highest digit first and fills up with zeros") {
  CHECK(base62(0, 3) == "000");
  CHECK(base62(61, 2) == "0z");
  CHECK(base62(62, 2) == "10");
  CHECK(base62(839'299'365'868'340'224, 12) == "010000000000");
  CHECK(base62(~Uint128{0}, 22) == "7n42DGM5Tflk9n8mt7Fhc7");
  CHECK(base62(~Uint128{0}, 3) == "hc7");
  CHECK(is_base62("09AZaz"));
  CHECK_FALSE(is_base62("a-b"));
}
