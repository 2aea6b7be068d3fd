#include "server/accept.h"

#include <doctest/doctest.h>

#include <utility>

using namespace oauth2;

TEST_CASE("a type is preferred where it is named and JSON is wished for no more") {
  const std::pair<const char*, bool> fields[] = {
      {"application/jwt", true},
      {" Application/JWT ", true},
      {"text/html, application/jwt", true},
      {"application/jwt, application/json", true},
      {"application/json, application/jwt", true},
      {"application/jwt;q=0.001", true},
      {"application/jwt;q=0.5, application/json;q=0.4", true},
      {"application/jwt;q=0.5, application/json;q=0.4, */*", true},
      {"application/jwt;q=0.5, application/json;q=0, application/*", true},
      {"", false},
      {"*/*", false},
      {"application/*", false},
      {"application/json", false},
      {"application/jwt;q=0", false},
      {"application/jwt;q=0.5, application/json", false},
      {"application/jwt;q=0.5, application/json;q=0.6", false},
      {"application/jwt;q=0.5, application/*", false},
      {"application/jwt;q=0.5, */*;q=0.501", false},
      {"application/jwtx", false},
      {"xapplication/jwt", false},
      {"application/jwt;q=2", false},
      {"application/jwt;profile=x", false},
      {",;q=1,", false},
  };
  for (const auto& [field, preferred] : fields) {
    CAPTURE(field);
    CHECK(server::prefers(field, "application/jwt") == preferred);
  }
}
