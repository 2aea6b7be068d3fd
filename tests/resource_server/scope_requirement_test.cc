#include <doctest/doctest.h>

#include "core/resource_server/resource_server.h"

using oauth2::resource_server::ScopeRequirement;
using Scopes = std::vector<std::string>;

TEST_CASE("words of one alternative are all needed, one alternative of several is enough") {
  const Scopes none = {};
  const Scopes profile = {"profile"};
  const Scopes email = {"email"};
  const Scopes both = {"profile", "email"};
  const Scopes user = {"user"};
  const Scopes all = {"email", "user", "profile"};
  const Scopes other = {"PROFILE", "profile2", "e"};
  struct Row {
    ScopeRequirement needed;
    const char* met;  // by none, profile, email, both, user, all, other
  };
  const Row rows[] = {
      {{}, "yyyyyyy"},
      {{"profile"}, "nynynyn"},
      {{"profile email"}, "nnnynyn"},
      {{"profile", "email"}, "nyyynyn"},
      {{"profile email", "user"}, "nnnyyyn"},
      {{"profile user", "email user"}, "nnnnnyn"},
      {{"  email   email profile "}, "nnnynyn"},
  };
  for (const Row& row : rows) {
    std::string met;
    for (const Scopes& scopes : {none, profile, email, both, user, all, other})
      met += row.needed.is_met_by(scopes) ? 'y' : 'n';
    CHECK(met == row.met);
  }
}

TEST_CASE(
    "a requirement that would let everybody in, and what is no scope, are refused where they are made") {
  CHECK_THROWS_AS(ScopeRequirement({""}), std::invalid_argument);
  CHECK_THROWS_AS(ScopeRequirement({"profile", "  "}), std::invalid_argument);
  CHECK_THROWS_AS(ScopeRequirement({"pro\"file"}), std::invalid_argument);
  CHECK_THROWS_AS(ScopeRequirement({"a\nb"}), std::invalid_argument);
  CHECK_THROWS_AS(ScopeRequirement(Scopes{"caf\xC3\xA9"}), std::invalid_argument);
  CHECK_NOTHROW(ScopeRequirement(Scopes{}));
}

TEST_CASE("the nearest alternative lacks the fewest words, and of equals it is the first") {
  const ScopeRequirement needed = {"a b c", "d e", "f  g"};
  CHECK(needed.nearest({}) == "d e");
  CHECK(needed.nearest({"a", "b"}) == "a b c");
  CHECK(needed.nearest({"g"}) == "f g");
  CHECK(needed.nearest({"a", "e", "f"}) == "d e");
  CHECK(ScopeRequirement().nearest({"a"}).empty());
}
