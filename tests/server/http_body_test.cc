#include "server/http_body.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace {

using oauth2::server::ChunkedBody;

struct Outcome {
  int status = 0;  // 0: more is needed, 200: whole
  std::string body;
  std::string rest;
};

// In pieces of `step` bytes, as a network would bring them.
Outcome decode(std::string_view bytes, std::size_t step, std::size_t max_body = 64,
               std::size_t max_overhead = 100) {
  ChunkedBody chunks(max_body, max_overhead);
  Outcome outcome;
  while (!bytes.empty() && !chunks.done() && !chunks.refusal()) {
    const std::string_view piece = bytes.substr(0, step);
    const std::size_t taken = chunks.feed(piece, outcome.body);
    bytes.remove_prefix(taken);
    if (taken < piece.size()) break;
  }
  outcome.rest = bytes;
  if (chunks.refusal()) outcome.status = chunks.refusal()->status;
  if (chunks.done()) outcome.status = 200;
  return outcome;
}

std::string padded(std::string text, std::size_t count) { return text.append(count, 'a'); }

struct Case {
  const char* rule;
  std::string bytes;
  int status;
  std::string body;
};

}  // namespace

TEST_CASE("chunks are decoded, or refused, however they are cut") {
  const Case cases[] = {
      {"one chunk", "3\r\nabc\r\n0\r\n\r\n", 200, "abc"},
      {"several chunks", "3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n", 200, "abc0123456789"},
      {"no content", "0\r\n\r\n", 200, ""},
      {"leading zeros", "003\r\nabc\r\n000\r\n\r\n", 200, "abc"},
      {"an extension is ignored", "3;a=b\r\nabc\r\n0\r\n\r\n", 200, "abc"},
      {"whitespace before an extension is ignored", "3 ;a=\"b\"\r\nabc\r\n0\r\n\r\n", 200, "abc"},
      {"trailers are ignored", "3\r\nabc\r\n0\r\nA: b\r\nC: d\r\n\r\n", 200, "abc"},
      {"content may hold line ends", "4\r\n\r\n\r\n\r\n0\r\n\r\n", 200, "\r\n\r\n"},
      {"the end is missing", "3\r\nabc\r\n0\r\n", 0, "abc"},
      {"an empty size", "\r\nabc\r\n0\r\n\r\n", 400, ""},
      {"a size that is no number", "x\r\n", 400, ""},
      {"a size with 0x", "0x3\r\nabc\r\n0\r\n\r\n", 400, ""},
      {"a signed size", "+3\r\nabc\r\n0\r\n\r\n", 400, ""},
      {"a space before the size", " 3\r\nabc\r\n0\r\n\r\n", 400, ""},
      {"a space after the size", "3 \r\nabc\r\n0\r\n\r\n", 400, ""},
      {"a size with too many digits", "000000003\r\nabc\r\n0\r\n\r\n", 400, ""},
      {"a size that would overflow", "ffffffffffffffff1\r\n", 400, ""},
      {"a bare LF after the size", "3\nabc\r\n0\r\n\r\n", 400, ""},
      {"a bare LF in place of a size", "\n3\r\nabc\r\n0\r\n\r\n", 400, ""},
      {"a bare LF in place of a later size", "3\r\nabc\r\n\n0\r\n\r\n", 400, "abc"},
      {"a bare LF in place of the last line", "3\r\nabc\r\n0\r\n\n", 400, "abc"},
      {"a bare LF after a trailer", "3\r\nabc\r\n0\r\nA: b\r\n\n", 400, "abc"},
      {"a bare CR in the size line", "3\rX\r\nabc\r\n0\r\n\r\n", 400, ""},
      {"a bare LF in an extension", "3;a\nb\r\nabc\r\n0\r\n\r\n", 400, ""},
      {"a control character in an extension", "3;\x01\r\nabc\r\n0\r\n\r\n", 400, ""},
      {"a chunk longer than its size", "3\r\nabcd\r\n0\r\n\r\n", 400, "abc"},
      {"a chunk shorter than its size", "5\r\nabc\r\n0\r\n\r\n", 400, "abc\r\n"},
      {"a bare LF after the content", "3\r\nabc\n0\r\n\r\n", 400, "abc"},
      {"a folded trailer", "0\r\nA: b\r\n c\r\n\r\n", 400, ""},
      {"a trailer without a colon", "0\r\nA\r\n\r\n", 400, ""},
      {"a chunk above the body limit", "41\r\n", 413, ""},
      {"chunks that are together above the body limit", padded("40\r\n", 64) + "\r\n1\r\n", 413,
       std::string(64, 'a')},
      {"too long an extension", padded("1;", 120) + "\r\na\r\n0\r\n\r\n", 431, ""},
      {"too long a trailer", padded("0\r\nA: ", 120) + "\r\n\r\n", 431, ""},
      {"too many trailers",
       "0\r\nA: 1234567890123456789012345\r\nA: 1234567890123456789012345\r\nA: 1234567890123456789012345\r\n"
       "A: 1234567890123456789012345\r\n\r\n",
       431, ""},
  };
  for (const Case& one : cases) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{7}, one.bytes.size()}) {
      INFO(one.rule << ", in pieces of " << step);
      const Outcome outcome = decode(one.bytes, step);
      CHECK(outcome.status == one.status);
      CHECK(outcome.body == one.body);
    }
  }
}

TEST_CASE("what follows a chunked body is left for the next request") {
  const Outcome outcome = decode("1\r\na\r\n0\r\n\r\nGET / HTTP/1.1\r\n", 1000);
  CHECK(outcome.status == 200);
  CHECK(outcome.rest == "GET / HTTP/1.1\r\n");
}
