#include <doctest/doctest.h>

#include <set>
#include <string>

#include "core/crypto/base62.h"
#include "core/crypto/hash.h"
#include "core/crypto/token_string.h"

using namespace oauth2::crypto;

TEST_CASE("a token string is its prefix, 43 base62 characters and the checksum of both") {
  const std::string token = make_token_string(TokenKind::personal);
  CHECK(token.size() == 4 + 43 + 6);
  CHECK(token.starts_with("o2p_"));
  CHECK(is_base62(token.substr(4)));
  CHECK(base62(crc32(token.substr(0, 47)), 6) == token.substr(47));
}

TEST_CASE("every kind of token string is told by its prefix") {
  const std::pair<TokenKind, std::string> kinds[] = {
      {TokenKind::personal, "o2p_"},    {TokenKind::access, "o2a_"},
      {TokenKind::refresh, "o2r_"},     {TokenKind::authorization_code, "o2c_"},
      {TokenKind::device_code, "o2d_"}, {TokenKind::client_secret, "o2s_"}};
  for (const auto& [kind, prefix] : kinds) {
    const std::string token = make_token_string(kind);
    CHECK(token.starts_with(prefix));
    CHECK(inspect_token_string(token) == kind);
  }
}

TEST_CASE("token strings made together are each of its kind, and have nothing in common") {
  const std::vector<TokenKind> kinds = {TokenKind::access, TokenKind::refresh, TokenKind::access};
  const auto tokens = make_token_strings(kinds);
  REQUIRE(tokens.size() == 3);
  std::set<std::string> secrets;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    CHECK(inspect_token_string(tokens[i]) == kinds[i]);
    for (const std::size_t begin : {4, 25}) secrets.insert(tokens[i].substr(begin, 20));
  }
  CHECK(secrets.size() == 6);
}

TEST_CASE("a token string that is cut off, longer, of another case or mistyped is not one") {
  const std::string token = make_token_string(TokenKind::access);
  std::string mistyped = token;
  mistyped[20] = mistyped[20] == 'a' ? 'b' : 'a';
  std::string other_case = token;
  other_case[1] = 'O';
  other_case[0] = 'O';
  for (const std::string& bad : {token.substr(0, 52), token + "0", mistyped, other_case, std::string(),
                                 " " + token, "o2x_" + token.substr(4), std::string(53, 'o')}) {
    CAPTURE(bad);
    CHECK_FALSE(inspect_token_string(bad).has_value());
    CHECK_FALSE(token_string_problem(bad).empty());
  }
}

TEST_CASE("a thousand token strings are a thousand different ones, and so are their ids") {
  std::set<std::string> tokens;
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    const std::string token = make_token_string(TokenKind::access);
    tokens.insert(token);
    ids.insert(token_id(sha256(token)));
  }
  CHECK(tokens.size() == 1000);
  CHECK(ids.size() == 1000);
  CHECK(ids.begin()->size() == 22);
}
