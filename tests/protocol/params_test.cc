#include "core/protocol/params.h"

#include <doctest/doctest.h>

#include "core/protocol/error.h"

using namespace oauth2::protocol;

TEST_CASE("form parameters are percent-decoded, + is a blank, and an empty one counts as absent") {
  const Params form = Params::parse("a=1&b=x+y%20%C3%A9&c=&d&&e=%3D%26");
  CHECK(form.find("a") == "1");
  CHECK(form.find("b") == "x y é");
  CHECK_FALSE(form.has("c"));
  CHECK_FALSE(form.has("d"));
  CHECK(form.find("e") == "=&");
  CHECK_FALSE(form.has("nothing"));
}

TEST_CASE("malformed percent-encoding, NUL and broken UTF-8 are invalid_request") {
  for (const char* form : {"a=%", "a=%4", "a=%zz", "a=%u0041", "a=%00", "%00=a", "a=%FF", "a=\xFF", "a=%C3",
                           "%=1", "a=%C0%AF", "a=%ED%A0%80"}) {
    CAPTURE(form);
    CHECK_THROWS_AS(Params::parse(form), Error);
  }
}

TEST_CASE("a parameter sent twice is invalid_request, identical or empty too; resource may repeat") {
  for (const char* form : {"a=1&a=2", "a=1&a=1", "a=&a=1", "a=1&b=2&%61=3"}) {
    CAPTURE(form);
    CHECK_THROWS_AS(Params::parse(form), Error);
  }
  CHECK_NOTHROW(Params::parse("resource=https://a&resource=https://b"));
}

TEST_CASE("a required parameter that is missing is named, and no value is") {
  CHECK_THROWS_WITH(Params::parse("other=secret-value").require("token"), "token is missing");
}
