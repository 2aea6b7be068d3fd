#include "core/text.h"

#include <doctest/doctest.h>

#include <string>

using namespace oauth2;

TEST_CASE("only well-formed UTF-8 passes") {
  for (const char* good : {"", "plain", "é", "€", "😀", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"})
    CHECK(text::is_utf8(good));
  for (const char* bad : {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                          "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xC3", "\xE2\x82", "a\xFF"}) {
    CHECK_FALSE(text::is_utf8(bad));
  }
}

TEST_CASE("control characters and broken bytes are escaped, so that no line can be forged") {
  CHECK(text::escape_controls("a\nb\x1b[31m\x7f") == "a\\x0ab\\x1b[31m\\x7f");
  CHECK(text::escape_controls("\xC2\x9B"
                              "31m") == "\\xc2\\x9b31m");  // C1: a terminal's CSI in one character
  CHECK(text::escape_controls("\xFF"
                              "é") == "\\xffé");
  CHECK(text::escape_controls("a\\n") == "a\\\\n");
}

TEST_CASE("the nearest candidate is found for a misspelt word, and none for a foreign one") {
  const std::vector<std::string> verbs = {"create", "list", "delete"};
  CHECK(text::nearest("craete", verbs) == "create");
  CHECK(text::nearest("lsit", verbs) == "list");
  CHECK(text::nearest("xyzzyplugh", verbs).empty());
}

TEST_CASE("words are what stands between blanks") {
  CHECK(text::words("  a  b ") == std::vector<std::string>{"a", "b"});
  CHECK(text::words("").empty());
  CHECK(text::trim(" \t a b \r\n") == "a b");
}
