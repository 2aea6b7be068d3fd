#include "core/protocol/redirect_difference.h"

#include <doctest/doctest.h>

using Lines = std::vector<std::string>;
using oauth2::protocol::redirect_difference;

namespace {

// What the mark says of one registered URI and one that was sent.
std::string told(const std::string& registered, std::string_view sent) {
  const std::string line = redirect_difference({registered}, sent).at(2);
  return line.substr(line.find('^') + 2);
}

}  // namespace

TEST_CASE("the first character that differs is marked, and counted in characters") {
  CHECK(redirect_difference({"https://a.example/cb"}, "https://a.example/cB") ==
        Lines{"registered  https://a.example/cb", "sent        https://a.example/cB",
              "                               ^ character 20: registered has 'b', sent has 'B'"});
  CHECK(told("https://a.example/cb", "https://a.example/cb/") ==
        "character 21: registered has its end, sent has '/'");
  CHECK(told("https://a.example/cb", "https://a.example/c") ==
        "character 20: registered has 'b', sent has its end");
}

TEST_CASE("a character beyond ASCII is shown whole, with its number, or by it alone where nothing is seen") {
  CHECK(told("https://a.example/cb", "https://a.example/日") ==
        "character 19: registered has 'c', sent has '日' (U+65E5)");
  CHECK(told("https://a.example/cb", "https://a.example/c\u200Bb") ==
        "character 20: registered has 'b', sent has U+200B");
  CHECK(told("https://a.example/cb", "https://a.example/\u202Ecb").ends_with("sent has U+202E"));
  CHECK(told("https://a.example/cb", "https://a.example/\u00A0cb").ends_with("sent has U+00A0"));
  CHECK(told("https://a.example/cb", "https://a.example/\x1b").ends_with("sent has U+001B"));
  CHECK(told("https://a.example/日", "https://a.example/旦") ==  // their first byte is the same
        "character 19: registered has '日' (U+65E5), sent has '旦' (U+65E6)");
}

TEST_CASE("nothing but printable ASCII stands in a URI's line, and the mark stays below its character") {
  const Lines lines =
      redirect_difference({"https://a.example/cb"}, "https://a.example/c\u200B\u0085\x1b\u65E5");
  CHECK(lines.at(1) == "sent        https://a.example/c\\u{200B}\\u{0085}\\x1b\\u{65E5}");
  CHECK(lines.at(2).find('^') == lines.at(1).find("\\u{200B}"));
}

TEST_CASE("of several registered URIs the one that is most alike comes first") {
  const Lines lines = redirect_difference(
      {"https://b.example/cb", "https://a.example/other", "https://a.example/cb"}, "https://a.example/cb2");
  REQUIRE(lines.size() == 9);
  CHECK(lines.at(0) == "registered  https://a.example/cb");
  CHECK(lines.at(3) == "registered  https://a.example/other");
  CHECK(lines.at(6) == "registered  https://b.example/cb");
}

TEST_CASE("the port of 127.0.0.1 and [::1] is no difference, and of localhost it is, which a line says") {
  CHECK(told("http://127.0.0.1/cb", "http://127.0.0.1:8080/cB").starts_with("character 24: "));
  CHECK(told("http://127.0.0.1/cb", "http://127.0.0.1.example/cb").ends_with("sent has '.'"));
  CHECK(told("http://127.0.0.1/cb", "http://127.0.0.1:0/cb").ends_with("sent has ':'"));
  const std::string advice =
      "the port may vary with 127.0.0.1 and [::1] only, not with localhost (RFC 8252 section 7.3)";
  CHECK(redirect_difference({"http://localhost/cb"}, "http://localhost:8080/cb").back() == advice);
  CHECK(redirect_difference({"http://127.0.0.1/cb"}, "http://localhost:8080/cb").back() == advice);
  CHECK(redirect_difference({"http://localhost:8080/cb"}, "http://localhost:8080/x").size() == 3);
  CHECK(redirect_difference({"http://localhost/cb"}, "http://localhost/x").size() == 3);
  CHECK(redirect_difference({"http://127.0.0.1/cb"}, "http://127.0.0.1:8080/x").size() == 3);
}
