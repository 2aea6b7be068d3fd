#include <doctest/doctest.h>

#include <set>
#include <string>

#include "core/crypto/base62.h"
#include "core/crypto/hash.h"
#include "core/crypto/time_code.h"
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
  for (const TokenKind kind : {TokenKind::access, TokenKind::personal}) {
    std::set<std::string> tokens;
    std::set<std::string> ids;
    for (int i = 0; i < 1000; ++i) {
      const std::string token = make_token_string(kind);
      tokens.insert(token);
      ids.insert(token_id(kind, sha256(token), token));
    }
    CHECK(tokens.size() == 1000);
    CHECK(ids.size() == 1000);
    CHECK(ids.begin()->size() == (kind == TokenKind::personal ? 22 : 23));
  }
}

TEST_CASE("access and refresh tokens tell when they were made, and 36 characters of them are random") {
  const auto now_ms = [] { return time_of_code(time_code()); };
  for (const TokenKind kind : {TokenKind::access, TokenKind::refresh}) {
    const std::int64_t before = now_ms();
    const std::string token = make_token_string(kind);
    const std::int64_t at = time_of_code(std::string_view(token).substr(4, 7));
    CHECK(at >= before);
    CHECK(at <= now_ms());
    CHECK(issued_ms_of(token_id(kind, sha256(token), token)) == at);
  }
  std::set<std::string> characters_at[36];
  for (int i = 0; i < 500; ++i) {
    const std::string token = make_token_string(TokenKind::access);
    for (std::size_t j = 0; j < 36; ++j) characters_at[j].insert(token.substr(11 + j, 1));
  }
  for (const auto& characters : characters_at) CHECK(characters.size() > 50);
}

TEST_CASE("no other secret tells when it was made") {
  for (const TokenKind kind : {TokenKind::personal, TokenKind::authorization_code, TokenKind::device_code,
                               TokenKind::client_secret}) {
    std::set<std::string> heads;
    for (int i = 0; i < 50; ++i) heads.insert(make_token_string(kind).substr(4, 3));
    CHECK(heads.size() > 40);
    const std::string token = make_token_string(kind);
    CHECK(issued_ms_of(token_id(kind, sha256(token), token)) == 0);
  }
}

TEST_CASE("an id tells no time where it has none") {
  for (const char* id :
       {"", "t1", "abcdefghijABCDEFGHIJ01", "abcdefghijABCDEF-000000", "abcdefghijABCDEF00000001"})
    CHECK(issued_ms_of(id) == 0);
  CHECK(issued_ms_of("abcdefghijABCDEF0000010") == 62);
  CHECK(issued_ms_of(random_token_id()) > 1'700'000'000'000);
}

TEST_CASE("names made one after the other sort in that order") {
  CHECK(time_code().size() == 7);
  CHECK(base62(61, 7) < base62(62, 7));
  CHECK(time_of_code(base62(1'795'000'000'123, 7)) == 1'795'000'000'123);
  const std::string earlier = ordered_id();
  const std::int64_t at = time_of_code(earlier.substr(0, 7));
  std::string later = ordered_id();
  while (time_of_code(later.substr(0, 7)) == at) later = ordered_id();
  CHECK(earlier < later);
}
