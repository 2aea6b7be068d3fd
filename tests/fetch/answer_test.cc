#include "core/fetch/answer.h"

#include <doctest/doctest.h>

#include <optional>

namespace fetch = oauth2::fetch;
using Kind = fetch::Error::Kind;

namespace {

// Hands out `text` in pieces of `size` bytes.
std::function<std::string()> pieces(std::string text, std::size_t size) {
  return [text = std::move(text), size]() mutable {
    std::string piece = text.substr(0, size);
    text.erase(0, size);
    return piece;
  };
}

fetch::Response answer(const std::string& text, std::size_t piece = 7, std::size_t most = 1000) {
  return fetch::read_answer(pieces(text, piece), "GET", most);
}

std::optional<Kind> refusal(const std::string& text, std::size_t most = 1000) {
  try {
    answer(text, 7, most);
    return std::nullopt;
  } catch (const fetch::Error& error) {
    return error.kind;
  }
}

}  // namespace

TEST_CASE("an answer is the same in whatever pieces it comes") {
  const std::string text =
      "HTTP/1.1 200 OK\r\nContent-Type: a/b \r\nContent-Length: 5\r\n\r\nhello, and more";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    const auto response = answer(text, size);
    CHECK(response.status == 200);
    CHECK(response.field("content-type") == "a/b");
    CHECK(response.body == "hello");
  }
}

TEST_CASE("a body is chunked, of a length, or lasts until the end") {
  CHECK(answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: "
               "chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nT: v\r\n\r\n")
            .body == "abc0123456789");
  CHECK(answer("HTTP/1.0 200\r\n\r\nto the end").body == "to the end");
  CHECK(answer("HTTP/1.1 204 None\r\nContent-Length: 5\r\n\r\n").body.empty());
  CHECK(
      fetch::read_answer(pieces("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 9), "HEAD", 9).body.empty());
}

TEST_CASE("interim answers are passed over") {
  const auto response =
      answer("HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
  CHECK(response.status == 404);
  CHECK(response.field("A").empty());
}

TEST_CASE("what could be read in two ways is refused") {
  for (const char* text : {
           "HTTP/2 200\r\n\r\n",
           "HTTP/1.1 2000\r\n\r\n",
           "HTTP/1.1 20\r\n\r\n",
           "HTTP/1.1 200\n\n",
           "SSH-2.0-x\r\n\r\n",
           "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
           "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n",
           "HTTP/1.1 200 OK\r\nName : v\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
           "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n\r\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n",
       }) {
    CAPTURE(text);
    CHECK(refusal(text) == Kind::malformed);
  }
}

TEST_CASE("an answer that ends early was lost on the way, and is not taken for a short one") {
  CHECK(refusal("") == Kind::lost);
  CHECK(refusal("HTTP/1.1 200 OK\r\nA: b\r\n") == Kind::lost);
  CHECK(refusal("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell") == Kind::lost);
  CHECK(refusal("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n") == Kind::lost);
}

TEST_CASE("a body beyond the limit is refused, and one at the limit is taken") {
  const std::string ten = "0123456789";
  const std::string start = "HTTP/1.1 200 OK\r\n";
  for (const std::string& rest :
       {"Content-Length: 10\r\n\r\n" + ten, "\r\n" + ten,
        std::string("Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n")}) {
    const std::string text = start + rest;
    CAPTURE(text);
    CHECK(answer(text, 7, 10).body == ten);
    CHECK(refusal(text, 9) == Kind::too_large);
  }
  CHECK(refusal("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n") ==
        Kind::too_large);
}

TEST_CASE("a head without end is refused, also one of interim answers or chunk lines") {
  CHECK(refusal("HTTP/1.1 200 " + std::string(100'000, 'A')) == Kind::too_large);
  CHECK(refusal("HTTP/1.1 200 OK\r\nA: " + std::string(100'000, 'A')) == Kind::too_large);
  std::string fields = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 200; ++i) fields += "A: b\r\n";
  CHECK(refusal(fields + "\r\n") == Kind::too_large);
  std::string interim;
  for (int i = 0; i < 5000; ++i) interim += "HTTP/1.1 100 Go on\r\n\r\n";
  CHECK(refusal(interim) == Kind::too_large);
  std::string chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 500; ++i) chunks += "1;" + std::string(100, 'x') + "\r\na\r\n";
  CHECK(refusal(chunks) == Kind::too_large);
}
