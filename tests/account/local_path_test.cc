#include <doctest/doctest.h>

#include <string>

#include "core/account/sign_in.h"

using oauth2::account::local_path;

TEST_CASE("a rooted path of this server is kept as it is, with its query and fragment") {
  for (const char* next :
       {"/", "/x", "/oauth/authorize?client_id=a&state=b%20c", "/x?y=//evil.org", "/x?y=%2F%2F", "/x/../y",
        "/x#y", "/a%20b", "/a+b", "/x//y", "/.", "/@evil.org", "/:80", "/é", "/%C3%A9"}) {
    CAPTURE(next);
    CHECK(local_path(next) == next);
  }
}

TEST_CASE("what a browser could take for another place becomes the root") {
  for (const char* next : {"",
                           "x",
                           "//evil.org",
                           "///evil.org",
                           "/\\evil.org",
                           "\\/evil.org",
                           "\\\\evil.org",
                           "/x\\y",
                           "/%5Cevil.org",
                           "/%5c",
                           "/%2Fevil.org",
                           "/%2f/evil.org",
                           "/\t/evil.org",
                           "/%09/evil.org",
                           "/\n/evil.org",
                           "/%0A/evil.org",
                           "/x?y=\r\nz",
                           "/x\x7f",
                           "/\xC2\x85x",
                           "/%C2%85",
                           "/%00",
                           "/%zz",
                           "/%",
                           "/%FF",
                           " /x",
                           "\t/x",
                           "?x",
                           "#x",
                           "https://evil.org/",
                           "https:/x",
                           "javascript:alert(1)",
                           "data:text/html,x",
                           ".evil.org",
                           "@evil.org"}) {
    CAPTURE(next);
    CHECK(local_path(next) == "/");
  }
}

TEST_CASE("a path has an end: what no Location can carry becomes the root") {
  const std::string longest = "/" + std::string(3999, 'x');
  CHECK(local_path(longest) == longest);
  CHECK(local_path(longest + "x") == "/");
}
