// Strict judgement of the head of an HTTP/1.x request (RFC 9112). Pure functions: bytes in, a verdict out.
// What two parsers could read differently is refused, because that difference is what request smuggling lives
// on.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace oauth2::server {

struct HeadLimits {
  std::size_t max_target = 8192;
  std::size_t max_head = 16384;
  std::size_t max_fields = 64;
  std::size_t max_body = 65536;
};

struct HeadField {
  std::string_view name;
  std::string_view value;  // without the whitespace around it
};

// Views into the bytes that were judged.
struct Head {
  std::string_view method;
  std::string_view target;
  std::string_view path;  // the target before '?'
  int minor_version = 1;
  std::vector<HeadField> fields;
  bool keep_alive = true;
  bool expect_continue = false;
  bool chunked = false;
  std::size_t content_length = 0;
};

struct HeadRefusal {
  int status = 400;
  std::string_view reason;  // fit for error_description (RFC 6749, 5.2); never holds bytes of the client
};

struct HeadSpan {
  std::size_t begin = 0;   // 2 after one tolerated empty line
  std::size_t length = 0;  // with the empty line that ends it; 0: more bytes are needed
  std::optional<HeadRefusal> refusal;
};

// Finds the head at the front of `bytes`. Refuses at once what no further byte can make right, so that
// a client of another protocol or without a line end is not kept until the deadline.
HeadSpan find_head(std::string_view bytes, const HeadLimits& limits);

// Of a request that is refused before its head was whole: its method and its target, as far as they came, if
// it looks like one at all: a line of another protocol may hold a password, and this is for the log too.
void glimpse(std::string_view bytes, Head& head);

// Judges a whole head, its last empty line included. On refusal `head` holds what was understood until then.
std::optional<HeadRefusal> judge_head(std::string_view bytes, const HeadLimits& limits, Head& head);

// One `name: value` line without its line end; trailer lines of a chunked body follow the same rules.
std::optional<HeadRefusal> read_field(std::string_view line, HeadField& field);

bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace oauth2::server
