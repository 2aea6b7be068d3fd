#include "core/protocol/scope.h"

#include <doctest/doctest.h>

using namespace oauth2::protocol;
using Words = std::vector<std::string>;

TEST_CASE("a scope-token is visible ASCII without blank, quote and backslash (RFC 6749 section 3.3)") {
  for (const char* good : {"records:read", "!", "~", "[x]", "https://example.org/scope"})
    CHECK(is_scope_token(good));
  for (const char* bad : {"", "a b", "a\"b", "a\\b", "é", "a\tb", "\x7f"}) CHECK_FALSE(is_scope_token(bad));
}

TEST_CASE("a scope parameter is a list of scope-tokens, each taken once") {
  CHECK(parse_scope("a b a") == Words{"a", "b"});
  CHECK(parse_scope("A a") == Words{"A", "a"});
  CHECK_FALSE(parse_scope("a b\"").has_value());
}

TEST_CASE("scope requirements: words in one item are all needed, one item of several is enough") {
  struct Row {
    Words granted;
    Words items;
    bool satisfied;
  };
  const Row rows[] = {
      {{"profile", "email"}, {"profile email"}, true},
      {{"profile"}, {"profile email"}, false},
      {{"email"}, {"profile", "email"}, true},
      {{"user"}, {"profile email", "user"}, true},
      {{"profile"}, {"profile email", "user"}, false},
      {{}, {}, true},
      {{}, {"profile"}, false},
      {{"Profile"}, {"profile"}, false},
  };
  for (const Row& row : rows) CHECK(satisfies(row.granted, row.items) == row.satisfied);
}
