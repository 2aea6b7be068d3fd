#include "core/crypto/jwt.h"

#include <doctest/doctest.h>

#include <string>

#include "core/crypto/base64url.h"
#include "core/crypto/hash.h"

using namespace oauth2::crypto;

namespace {

// RFC 7515 appendix A.1: its key and its claims.
std::string rfc_key() {
  return *base64url_decode(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
}
const std::string rfc_claims =
    "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
const std::string rfc_payload =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
const std::string our_header = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

// With any header, rightly signed with this key.
std::string signed_jwt(const std::string& header, const std::string& claims, const std::string& key) {
  const std::string input = base64url(header) + "." + base64url(claims);
  return input + "." + base64url(hmac_sha256(key, input));
}

}  // namespace

TEST_CASE("a JWT is header, claims and HMAC-SHA256, as in RFC 7515 appendix A.1 but for our header") {
  // Computed by another program from that appendix's key and claims, with our header.
  CHECK(sign_jwt_hs256(rfc_key(), rfc_claims) ==
        our_header + "." + rfc_payload + ".SfgggA-oZk7ztlq1i8Uz5VhmPmustakoDa9wAf8uHyQ");
}

TEST_CASE("what was signed is verified, and the claims come back as they were") {
  for (const std::string& claims : {std::string("{}"), rfc_claims, std::string(R"({"sub":"é"})")}) {
    CAPTURE(claims);
    CHECK(verify_jwt_hs256("key", sign_jwt_hs256("key", claims)) == claims);
  }
}

TEST_CASE("the header is ours or the JWT is none: no other algorithm, no other spelling") {
  const std::string key = rfc_key();
  // The vector of RFC 7515 appendix A.1 itself: rightly signed, another header.
  CHECK_FALSE(verify_jwt_hs256(key, "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + rfc_payload +
                                        ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
  for (const char* header :
       {R"({"alg":"none"})", R"({"alg":"none","typ":"JWT"})", R"({"alg":"None","typ":"JWT"})",
        R"({"alg":"HS512","typ":"JWT"})", R"({"alg":"RS256","typ":"JWT"})", R"({"alg":"HS256"})",
        R"({"typ":"JWT","alg":"HS256"})", R"({"alg":"HS256","typ":"JWT","crit":["x"]})",
        R"({"alg":"HS256", "typ":"JWT"})", R"({"alg":"HS256","typ":"JWT","jku":"https://evil.org"})", ""}) {
    CAPTURE(header);
    CHECK_FALSE(verify_jwt_hs256(key, signed_jwt(header, rfc_claims, key)));
  }
  CHECK_FALSE(verify_jwt_hs256(key, base64url(R"({"alg":"none"})") + "." + rfc_payload + "."));
  CHECK_FALSE(verify_jwt_hs256(key, our_header + "." + rfc_payload + "."));
}

TEST_CASE("another key, and every JWT that is cut, grown or changed anywhere, is refused") {
  const std::string jwt = sign_jwt_hs256("key", R"({"sub":"u1"})");
  CHECK_FALSE(verify_jwt_hs256("Key", jwt));
  CHECK_FALSE(verify_jwt_hs256("", jwt));
  for (std::size_t size = 0; size < jwt.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(verify_jwt_hs256("key", jwt.substr(0, size)));
    std::string changed = jwt;
    changed[size] = changed[size] == 'A' ? 'B' : 'A';
    CHECK_FALSE(verify_jwt_hs256("key", changed));
    changed[size] = '.';
    if (jwt[size] != '.') CHECK_FALSE(verify_jwt_hs256("key", changed));
  }
  for (const std::string& grown : {jwt + "=", jwt + "A", jwt + ".", jwt + "." + jwt, " " + jwt, jwt + "\n"}) {
    CAPTURE(grown);
    CHECK_FALSE(verify_jwt_hs256("key", grown));
  }
  for (const char* other : {"", ".", "..", "...", "a.b.c"}) CHECK_FALSE(verify_jwt_hs256("key", other));
}
