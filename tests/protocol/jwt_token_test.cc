#include <doctest/doctest.h>

#include "core/crypto/base64url.h"
#include "tests/protocol/jwt_fixture.h"

using namespace oauth2;

namespace {

std::string join_parts(const std::string& header, const std::string& claims, const std::string& signature) {
  return header + "." + claims + "." + signature;
}

struct Parts {
  explicit Parts(const std::string& jwt) {
    const auto first = jwt.find('.');
    const auto last = jwt.rfind('.');
    header = jwt.substr(0, first);
    claims = jwt.substr(first + 1, last - first - 1);
    signature = jwt.substr(last + 1);
  }
  std::string header, claims, signature;
};

}  // namespace

TEST_CASE("introspection says of a JWT what the JWT says itself") {
  JwtFixture server;
  const std::string token = server.redeem(server.code()).at("access_token");
  const auto document = server.introspect(token);
  CHECK(document.at("active") == true);
  const auto claims = claims_of_jwt(token);
  for (const auto& [name, value] : claims.items()) {
    CAPTURE(name);
    CHECK(document.at(name) == value);
  }
  CHECK(document.at("token_kind") == "access");
}

TEST_CASE("an expired and a revoked JWT are inactive") {
  JwtFixture server;
  const std::string token = server.app_token();
  CHECK(server.is_active(token));
  server.now += 3600;
  CHECK_FALSE(server.is_active(token));
  server.now -= 3600;
  CHECK(server.is_active(token));
  CHECK(server.ask("client_id=app&client_secret=secret&token=" + token, protocol::revoke).empty());
  CHECK_FALSE(server.is_active(token));
}

TEST_CASE("a JWT of another client is not revoked") {
  JwtFixture server;
  const std::string token = server.app_token();
  CHECK(server.ask("client_id=api&client_secret=secret&token=" + token, protocol::revoke).at("error") ==
        "invalid_grant");
  CHECK(server.is_active(token));
}

TEST_CASE("a refresh token that is revoked takes its JWTs along") {
  JwtFixture server;
  const auto answer = server.redeem(server.code());
  server.ask("client_id=spa&token=" + answer.at("refresh_token").get<std::string>(), protocol::revoke);
  CHECK_FALSE(server.is_active(answer.at("access_token")));
}

TEST_CASE("a JWT is none of ours unless every byte of it is") {
  JwtFixture server;
  const std::string token = server.app_token();
  const std::string other = server.app_token();
  const Parts parts(token);
  const Parts others(other);
  std::string swapped_case = token;
  char& last = swapped_case.back();
  last = static_cast<char>(last >= 'a' && last <= 'z'   ? last - 32
                           : last >= 'A' && last <= 'Z' ? last + 32
                                                        : 'x');
  const std::string none = crypto::base64url(R"({"alg":"none","typ":"at+jwt"})");
  const std::vector<std::string> bad = {
      token.substr(0, token.size() - 1),
      token + "A",
      token + "=",
      token + ".",
      "." + token,
      swapped_case,
      join_parts(parts.header, parts.claims, others.signature),
      join_parts(parts.header, others.claims, parts.signature),
      join_parts(none, parts.claims, ""),
      join_parts(none, parts.claims, parts.signature),
      join_parts(parts.header, parts.claims.substr(0, 44), parts.signature),
      join_parts(parts.header, parts.claims.substr(0, 43), parts.signature),
      join_parts("", parts.claims, ""),
      token + other,
      token + "." + other,
      parts.header + "." + parts.claims,
      parts.claims,
  };
  for (const std::string& each : bad) {
    CAPTURE(each);
    CHECK_FALSE(server.is_active(each));
  }
  CHECK(server.is_active(token));
  CHECK(server.is_active(other));
}

TEST_CASE("a forged JWT that knows the jti of a live token is nothing") {
  JwtFixture server;
  const std::string token = server.app_token();
  const std::string claims = crypto::split_jwt(token)->claims;
  const auto key = crypto::PrivateKey::generate(crypto::SigningAlgorithm::eddsa);
  const std::string kid = header_of(token).at("kid");
  CHECK_FALSE(server.is_active(crypto::sign_jwt(key, kid, "at+jwt", claims)));
  CHECK_FALSE(server.is_active(crypto::sign_jwt_hs256("key", claims)));
  CHECK(server.is_active(token));
}

TEST_CASE("the jti of an opaque token, in a JWT, is not that token") {
  JwtFixture server;
  server.change_client("spa", [](store::Client& client) { client.access_token_format = "opaque"; });
  const std::string opaque = server.redeem(server.code()).at("access_token");
  const std::string jti = server.introspect(opaque).at("jti");
  CHECK_FALSE(server.is_active(crypto::sign_jwt_hs256("key", R"({"jti":")" + jti + R"(","iss":"x"})")));
}

TEST_CASE("a token key is found for our JWTs, and for no other text with two dots") {
  const auto key = [](const std::string& claims) {
    return protocol::token_key_of(crypto::sign_jwt_hs256("key", claims));
  };
  const std::string id = "abcdefghijABCDEFGHIJ01";
  const std::string rest = R"(","iss":"https://auth.example"})";
  CHECK(key(R"({"jti":")" + id + rest).id == id);
  CHECK(key(R"({"jti":")" + id.substr(1) + rest).id.empty());
  CHECK(key(R"({"jti":")" + id.substr(1) + "-" + rest).id.empty());
  CHECK(key(R"({"jti": ")" + id + rest).id.empty());
  CHECK(key(R"({"iss":"x","jti":")" + id + rest).id.empty());
  CHECK(key("{}").id.empty());
  for (const char* text : {"..", "a.b.c", "...", ".", "a..c"}) CHECK(protocol::token_key_of(text).id.empty());
}

TEST_CASE("an absurdly long text is no token, and nothing of it is hashed") {
  const std::string id = "abcdefghijABCDEFGHIJ01";
  const std::string claims = R"({"jti":")" + id + R"(","x":")" + std::string(9000, 'x') + "\"}";
  CHECK(protocol::token_key_of(crypto::sign_jwt_hs256("key", claims)).id.empty());
  CHECK(protocol::token_key_of(crypto::sign_jwt_hs256("key", claims)).token_hash.empty());
  CHECK(protocol::token_key_of(std::string(1 << 20, '.')).id.empty());
}

TEST_CASE("a JWT is no refresh token") {
  JwtFixture server;
  const std::string token = server.redeem(server.code()).at("access_token");
  CHECK(server.refresh(token).at("error") == "invalid_grant");
  CHECK(server.is_active(token));
}
