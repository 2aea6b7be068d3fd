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

TEST_CASE("parse_noting_repeats takes what came twice, says which, and gives the first that is not empty") {
  const Params form = Params::parse_noting_repeats("a=1&b=2&a=3&%61=4&resource=x&resource=y&c=&c=5");
  CHECK(form.find("a") == "1");
  CHECK(form.find("c") == "5");
  CHECK(form.is_repeated("a"));
  CHECK(form.is_repeated("c"));
  CHECK_FALSE(form.is_repeated("b"));
  CHECK_FALSE(form.is_repeated("resource"));
  CHECK_FALSE(form.is_repeated("nothing"));
  CHECK(Params::parse_noting_repeats("a=1&b=2").repeated().empty());
  CHECK_THROWS_AS(Params::parse_noting_repeats("a=1&a=%zz"), Error);
}

TEST_CASE("of one that may repeat, all values are found in their order, but for empty ones") {
  using List = std::vector<std::string>;
  const Params form = Params::parse_noting_repeats("scopes=b&name=x&scopes=&scopes=a&scop%65s=a");
  CHECK(form.find_all("scopes") == List{"b", "a", "a"});
  CHECK(form.find_all("name") == List{"x"});
  CHECK(form.find_all("nothing").empty());
}

TEST_CASE("what was parsed and encoded again reads the same, repeats and all") {
  for (const char* text : {"", "a=1", "a=1&a=2&b=%26%3D%25%2B", "state=%20x%2B+y", "a=%C3%A9%F0%9F%98%80",
                           "%3D=%3D", "a=&b", "resource=https://a&resource=https://b", "a=%0A%0D"}) {
    CAPTURE(text);
    const Params once = Params::parse_noting_repeats(text);
    const Params twice = Params::parse_noting_repeats(once.encode());
    CHECK(twice.encode() == once.encode());
    CHECK(twice.repeated() == once.repeated());
    for (const char* name : {"a", "b", "state", "=", "resource"}) CHECK(twice.find(name) == once.find(name));
  }
}

TEST_CASE("only what is named is kept, however it was spelt, repeats and all") {
  const Params form =
      Params::parse_noting_repeats("client_secret=a&x=1&client%5Fsecret=b&client_secret2=c&y=2&%78=3");
  CHECK(form.only({"client_secret2", "x"}).encode() == "x=1&client_secret2=c&x=3");
  CHECK(form.only({}).encode() == "");
  CHECK(form.only({"x"}).is_repeated("x"));
}

TEST_CASE("with replaces a parameter, adds it, or takes it away") {
  const Params form = Params::parse("a=1&b=2");
  CHECK(form.with("a", "9").encode() == "b=2&a=9");
  CHECK(form.with("c", "&").encode() == "a=1&b=2&c=%26");
  CHECK(form.with("a", std::nullopt).encode() == "b=2");
}

TEST_CASE("form_encode leaves unreserved characters alone and form_decode gives the text back") {
  CHECK(form_encode("aZ09-._~") == "aZ09-._~");
  CHECK(form_encode("a b+c/é") == "a%20b%2Bc%2F%C3%A9");
  for (const char* text : {"", "a b", "100%", "+", "é", "\n\x7f", "a&b=c"}) {
    CAPTURE(text);
    CHECK(form_decode(form_encode(text)) == text);
  }
}

TEST_CASE("more than 200 parameters are refused before they are compared") {
  std::string form = "p0=x";
  for (int i = 1; i < 200; ++i) form += "&p" + std::to_string(i) + "=x";
  CHECK_NOTHROW(Params::parse(form));
  CHECK_THROWS_AS(Params::parse(form + "&p200=x"), Error);
  CHECK_NOTHROW(Params::parse_noting_repeats(form + "&p200=x", 201));
  CHECK_THROWS_AS(Params::parse_noting_repeats(form + "&p200=x&p201=x", 201), Error);
}
