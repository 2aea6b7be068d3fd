#include "core/crypto/signing.h"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

#include "core/crypto/base64url.h"
#include "core/crypto/jwt.h"

using namespace oauth2::crypto;

namespace {

constexpr SigningAlgorithm all_algorithms[] = {SigningAlgorithm::eddsa, SigningAlgorithm::es256,
                                               SigningAlgorithm::rs256};

std::string bytes(std::string_view text) { return base64url_decode(text).value(); }

// RFC 8037 appendix A.1 and A.2.
PrivateKey rfc8037_private_key() {
  const std::string head("\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);
  return PrivateKey::from_pkcs8(head + bytes("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")).value();
}

Jwk rfc8037_jwk() { return {"OKP", "Ed25519", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "", "", ""}; }

// RFC 7515 appendix A.2.
Jwk rfc7515_rsa_jwk() {
  return {"RSA",
          "",
          "",
          "",
          "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4Ql"
          "L-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUs"
          "LA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoud"
          "F8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
          "AQAB"};
}

const std::string rfc7515_payload =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

const std::string rfc7515_rs256_signature =
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9"
    "uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB"
    "_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rq"
    "Vt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

// RFC 7515 appendix A.3.
Jwk rfc7515_ec_jwk() {
  return {"EC",
          "P-256",
          "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
          "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
          "",
          ""};
}

const std::string rfc7515_es256_signature =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

bool is_key(const Jwk& jwk, SigningAlgorithm algorithm) {
  return PublicKey::from(jwk, algorithm).has_value();
}

// r or s of such a signature as DER has a number.
std::string der_integer(std::string number) {
  while (number.size() > 1 && number[0] == '\0') number.erase(0, 1);
  if ((number[0] & 0x80) != 0) number.insert(0, 1, '\0');
  return std::string("\x02") + static_cast<char>(number.size()) + number;
}

}  // namespace

TEST_CASE("Ed25519 signs as in RFC 8037 appendix A.4 and verifies as in A.5") {
  const PrivateKey key = rfc8037_private_key();
  const std::string input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
  const std::string signature =
      "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
  CHECK(key.algorithm() == SigningAlgorithm::eddsa);
  CHECK(key.public_jwk() == rfc8037_jwk());
  CHECK(base64url(key.sign(input)) == signature);
  CHECK(PublicKey::from(rfc8037_jwk(), SigningAlgorithm::eddsa)->verify(input, bytes(signature)));
}

TEST_CASE("the name of a key is its thumbprint: RFC 8037 appendix A.3 and RFC 7638 section 3.1") {
  CHECK(rfc8037_private_key().kid() == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  CHECK(canonical_json(rfc8037_jwk()) ==
        R"({"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})");
  const Jwk jwk = {
      "RSA",
      "",
      "",
      "",
      "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjB"
      "ZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8"
      "KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_"
      "xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
      "AQAB"};
  CHECK(thumbprint(jwk) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

TEST_CASE("RS256 verifies RFC 7515 appendix A.2, and ES256 verifies A.3") {
  const auto rsa = PublicKey::from(rfc7515_rsa_jwk(), SigningAlgorithm::rs256);
  REQUIRE(rsa);
  CHECK(rsa->algorithm() == SigningAlgorithm::rs256);
  CHECK(rsa->verify("eyJhbGciOiJSUzI1NiJ9." + rfc7515_payload, bytes(rfc7515_rs256_signature)));
  CHECK_FALSE(rsa->verify("eyJhbGciOiJSUzI1NiJ9" + rfc7515_payload, bytes(rfc7515_rs256_signature)));
  const auto ec = PublicKey::from(rfc7515_ec_jwk(), SigningAlgorithm::es256);
  REQUIRE(ec);
  CHECK(ec->algorithm() == SigningAlgorithm::es256);
  CHECK(ec->verify("eyJhbGciOiJFUzI1NiJ9." + rfc7515_payload, bytes(rfc7515_es256_signature)));
  CHECK_FALSE(ec->verify("eyJhbGciOiJFUzI1NiJ9" + rfc7515_payload, bytes(rfc7515_es256_signature)));
}

TEST_CASE("an algorithm is found by exactly its name") {
  for (const SigningAlgorithm algorithm : all_algorithms)
    CHECK(find_signing_algorithm(name(algorithm)) == algorithm);
  for (const char* other : {"", "none", "HS256", "eddsa", "ES384", "RS512", "PS256", "EdDSA ", "Ed25519"})
    CHECK_FALSE(find_signing_algorithm(other).has_value());
}

TEST_CASE("what a key signed its public key verifies, and nothing that is cut, grown or changed") {
  for (const SigningAlgorithm algorithm : all_algorithms) {
    CAPTURE(name(algorithm));
    const PrivateKey key = PrivateKey::generate(algorithm);
    const PublicKey reader = PublicKey::from(key.public_jwk(), algorithm).value();
    for (const std::string& message : {std::string(), std::string("a.b"), std::string(100000, '\0')}) {
      const std::string signature = key.sign(message);
      CHECK(signature.size() == (algorithm == SigningAlgorithm::rs256 ? 256 : 64));
      CHECK(reader.verify(message, signature));
      CHECK(key.public_key().verify(message, signature));
      CHECK_FALSE(reader.verify(message + "x", signature));
    }
    const std::string signature = key.sign("message");
    for (std::size_t i = 0; i < signature.size(); ++i) {
      CAPTURE(i);
      std::string changed = signature;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      CHECK_FALSE(reader.verify("message", changed));
      CHECK_FALSE(reader.verify("message", signature.substr(0, i)));
    }
    CHECK_FALSE(reader.verify("message", signature + '\0'));
    CHECK_FALSE(reader.verify("message", '\0' + signature));
    CHECK_FALSE(reader.verify("message", std::string(signature.size(), '\0')));
    CHECK_FALSE(reader.verify("message", std::string(signature.size(), '\xff')));
    CHECK_FALSE(PrivateKey::generate(algorithm).public_key().verify("message", signature));
    CHECK(reader.verify("message", signature));  // what was refused before changed nothing
  }
}

TEST_CASE("a signature of ES256 is r and s of 32 bytes each, never DER") {
  const PrivateKey key = PrivateKey::generate(SigningAlgorithm::es256);
  const std::string signature = key.sign("message");
  const std::string numbers = der_integer(signature.substr(0, 32)) + der_integer(signature.substr(32));
  const std::string der = std::string("\x30") + static_cast<char>(numbers.size()) + numbers;
  CHECK_FALSE(key.public_key().verify("message", der));
  CHECK(key.public_key().verify("message", signature));
  // Numbers that begin with zeros keep their place: about one signature of 128 has one.
  for (int i = 0; i < 400; ++i) CHECK(key.public_key().verify("message", key.sign("message")));
}

TEST_CASE("a key serves one algorithm: what belongs to another is no key for it") {
  for (const SigningAlgorithm algorithm : all_algorithms) {
    const Jwk jwk = PrivateKey::generate(algorithm).public_jwk();
    for (const SigningAlgorithm other : all_algorithms) {
      CAPTURE(name(algorithm));
      CAPTURE(name(other));
      CHECK(is_key(jwk, other) == (algorithm == other));
    }
  }
  Jwk jwk = rfc8037_jwk();
  jwk.crv = "X25519";
  CHECK_FALSE(is_key(jwk, SigningAlgorithm::eddsa));
  jwk = rfc7515_ec_jwk();
  for (const char* curve : {"P-384", "secp256k1", "p-256", ""}) {
    jwk.crv = curve;
    CHECK_FALSE(is_key(jwk, SigningAlgorithm::es256));
  }
  jwk = rfc7515_rsa_jwk();
  jwk.kty = "oct";
  CHECK_FALSE(is_key(jwk, SigningAlgorithm::rs256));
}

TEST_CASE("a point that is not on P-256, or has another length, is no key") {
  const Jwk good = rfc7515_ec_jwk();
  CHECK(is_key(good, SigningAlgorithm::es256));
  Jwk jwk = good;
  std::swap(jwk.x, jwk.y);
  CHECK_FALSE(is_key(jwk, SigningAlgorithm::es256));
  jwk = good;
  jwk.y = base64url(std::string(32, '\0'));
  CHECK_FALSE(is_key(jwk, SigningAlgorithm::es256));
  jwk.x = jwk.y;
  CHECK_FALSE(is_key(jwk, SigningAlgorithm::es256));
  jwk.x = jwk.y = base64url(std::string(32, '\xff'));
  CHECK_FALSE(is_key(jwk, SigningAlgorithm::es256));
  for (const std::string& other : {bytes(good.x).substr(1), '\0' + bytes(good.x), bytes(good.x) + '\0'}) {
    jwk = good;
    jwk.x = base64url(other);
    CHECK_FALSE(is_key(jwk, SigningAlgorithm::es256));
  }
}

TEST_CASE("RSA below 2048 bits, or with an exponent that lets everybody sign, is no key") {
  const auto with_modulus = [](std::size_t size) {
    Jwk jwk = rfc7515_rsa_jwk();
    jwk.n = base64url(bytes(jwk.n).substr(0, size - 1) + '\x01');
    return jwk;
  };
  CHECK(is_key(with_modulus(256), SigningAlgorithm::rs256));
  for (const std::size_t size : {1U, 64U, 128U, 255U})
    CHECK_FALSE(is_key(with_modulus(size), SigningAlgorithm::rs256));
  Jwk huge = rfc7515_rsa_jwk();
  huge.n = base64url(std::string(2000, '\x81'));
  CHECK_FALSE(is_key(huge, SigningAlgorithm::rs256));
  for (const std::string& exponent :
       {std::string(), std::string(1, '\0'), std::string("\x01"), std::string("\x02"),
        std::string("\0\x01\0\x01", 4), std::string(9, '\x03')}) {
    Jwk jwk = rfc7515_rsa_jwk();
    jwk.e = base64url(exponent);
    CHECK_FALSE(is_key(jwk, SigningAlgorithm::rs256));
  }
  Jwk even = rfc7515_rsa_jwk();
  even.n = base64url(bytes(even.n).substr(0, 255) + '\x02');
  CHECK_FALSE(is_key(even, SigningAlgorithm::rs256));
}

TEST_CASE("members that are no strict base64url, or missing, make no key") {
  const std::string members[] = {
      "", "=", " ", "A", "not base64url!", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo="};
  for (const std::string& member : members) {
    CAPTURE(member);
    Jwk jwk = rfc8037_jwk();
    jwk.x = member;
    CHECK_FALSE(is_key(jwk, SigningAlgorithm::eddsa));
    jwk = rfc7515_ec_jwk();
    jwk.y = member;
    CHECK_FALSE(is_key(jwk, SigningAlgorithm::es256));
    jwk = rfc7515_rsa_jwk();
    jwk.n = member;
    CHECK_FALSE(is_key(jwk, SigningAlgorithm::rs256));
  }
  for (const SigningAlgorithm algorithm : all_algorithms) CHECK_FALSE(is_key(Jwk{}, algorithm));
}

TEST_CASE("a private key survives PKCS #8, and what is no such key is refused") {
  for (const SigningAlgorithm algorithm : all_algorithms) {
    CAPTURE(name(algorithm));
    const PrivateKey key = PrivateKey::generate(algorithm);
    const std::string der = key.pkcs8();
    const auto again = PrivateKey::from_pkcs8(der);
    REQUIRE(again);
    CHECK(again->algorithm() == algorithm);
    CHECK(again->kid() == key.kid());
    CHECK(key.public_key().verify("message", again->sign("message")));
    CHECK(key.pkcs8_pem().starts_with("-----BEGIN PRIVATE KEY-----\n"));
    CHECK(key.public_key().pem().starts_with("-----BEGIN PUBLIC KEY-----\n"));
    CHECK_FALSE(PrivateKey::from_pkcs8(der.substr(1)).has_value());
    CHECK_FALSE(PrivateKey::from_pkcs8(der.substr(0, der.size() - 1)).has_value());
    CHECK_FALSE(PrivateKey::from_pkcs8(der + "x").has_value());
  }
  CHECK_FALSE(PrivateKey::from_pkcs8("").has_value());
  CHECK_FALSE(PrivateKey::from_pkcs8("junk").has_value());
}

TEST_CASE("two keys are never alike, and public members have no private ones beside them") {
  for (const SigningAlgorithm algorithm : all_algorithms) {
    const PrivateKey key = PrivateKey::generate(algorithm);
    CHECK(key.kid() != PrivateKey::generate(algorithm).kid());
    CHECK(canonical_json(key.public_jwk()).find("\"d\"") == std::string::npos);
  }
}

TEST_CASE("many threads sign and verify with one key") {
  for (const SigningAlgorithm algorithm : all_algorithms) {
    const PrivateKey key = PrivateKey::generate(algorithm);
    const PublicKey reader = key.public_key();
    std::vector<int> failures(4, 0);
    std::vector<std::thread> threads;
    for (int& failed : failures) {
      threads.emplace_back([&key, &reader, &failed] {
        for (int i = 0; i < 50; ++i) {
          const std::string message = std::to_string(i);
          if (!reader.verify(message, key.sign(message))) ++failed;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(failures == std::vector<int>(4, 0));
  }
}

TEST_CASE("a JWT that a private key signed has its algorithm, kind and kid in the header") {
  for (const SigningAlgorithm algorithm : all_algorithms) {
    CAPTURE(name(algorithm));
    const PrivateKey key = PrivateKey::generate(algorithm);
    const std::string jwt = sign_jwt(key, key.kid(), "at+jwt", R"({"sub":"é"})");
    const auto split = split_jwt(jwt);
    REQUIRE(split);
    CHECK(split->header ==
          R"({"alg":")" + std::string(name(algorithm)) + R"(","typ":"at+jwt","kid":")" + key.kid() + R"("})");
    CHECK(split->claims == R"({"sub":"é"})");
    CHECK(split->signing_input == jwt.substr(0, jwt.rfind('.')));
    CHECK(key.public_key().verify(split->signing_input, split->signature));
  }
  const PrivateKey key = rfc8037_private_key();
  const auto split = split_jwt(sign_jwt(key, R"(a"b)", "JWT", "{}"));
  CHECK(split->header == R"({"alg":"EdDSA","typ":"JWT","kid":"a\"b"})");
}

TEST_CASE("splitting takes three parts of strict base64url and judges nothing else") {
  const auto none = split_jwt(base64url(R"({"alg":"none"})") + "." + rfc7515_payload + ".");
  REQUIRE(none);
  CHECK(none->header == R"({"alg":"none"})");
  CHECK(none->signature.empty());
  CHECK(split_jwt("..").has_value());
  for (const char* other : {"", ".", "...", "a.b.c", "YQ.YQ", "YQ.YQ.YQ.YQ", "YQ=.YQ.YQ", "YQ.YR.YQ",
                            " YQ.YQ.YQ", "YQ.YQ.YQ\n", "Y+.YQ.YQ", "YQ.YQ.Y/"}) {
    CAPTURE(other);
    CHECK_FALSE(split_jwt(other).has_value());
  }
}
