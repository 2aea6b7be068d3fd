#include "server/http_head.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "server/http_body.h"

namespace {

using namespace oauth2::server;

constexpr HeadLimits limits;

// As the gate does it: the status of the refusal, 0 while more is needed, 200 for a good head.
int verdict(std::string_view bytes, Head& head) {
  const HeadSpan span = find_head(bytes, limits);
  if (span.refusal) return span.refusal->status;
  if (span.length == 0) return 0;
  const auto refused = judge_head(bytes.substr(span.begin, span.length), limits, head);
  return refused ? refused->status : 200;
}

int verdict(std::string_view bytes) {
  Head head;
  return verdict(bytes, head);
}

std::string get(const std::string& target) { return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

std::string post(const std::string& fields) { return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n"; }

std::string padded(std::string text, std::size_t count) { return text.append(count, 'a'); }

struct Case {
  const char* rule;
  std::string bytes;
  int status;
};

void check(const Case& one) {
  INFO(one.rule);
  CHECK(verdict(one.bytes) == one.status);
}

}  // namespace

TEST_CASE("a request line is judged strictly") {
  const Case cases[] = {
      {"the usual line is right", get("/"), 200},
      {"HTTP/1.0 is spoken", "GET / HTTP/1.0\r\nHost: a\r\n\r\n", 200},
      {"two spaces are malformed", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a trailing space is malformed", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
      {"a tab is no separator", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a line without a version is malformed", "GET /\r\nHost: a\r\n\r\n", 400},
      {"a lower-case version is malformed", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
      {"a version with more digits is malformed", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400},
      {"another version is refused by name", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
      {"HTTP/2 over HTTP/1.1 is refused by name", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"the preface of HTTP/2 is refused by name", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"a method is case-sensitive", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"TRACE is off", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"CONNECT is off", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"an unknown method is not implemented", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"a method is a token", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"one empty line before it is tolerated", std::string("\r\n") + get("/"), 200},
      {"two empty lines before it are not", std::string("\r\n\r\n") + get("/"), 400},
      {"a space before it is malformed", std::string(" ") + get("/"), 400},
  };
  for (const Case& one : cases) check(one);
}

TEST_CASE("a target is a path in its one spelling, and perhaps a query") {
  const Case cases[] = {
      {"a path with a query is right", get("/oauth/authorize?a=b&c=%20d"), 200},
      {"a broken escape in the query is the handler's matter", get("/?a=%zz"), 200},
      {"a query may hold a question mark", get("/?a?b"), 200},
      {"a name may begin with a dot", get("/.well-known/x"), 200},
      {"three dots are a name", get("/.../x"), 200},
      {"a double slash is left to the handler, which knows no such path", get("//x"), 200},
      {"an escaped letter is another spelling", get("/%6fauth/token"), 400},
      {"an escaped slash is another spelling", get("/a%2fb"), 400},
      {"an escaped NUL is refused", get("/a%00"), 400},
      {"a broken escape is refused", get("/a%zz"), 400},
      {"a %u escape is refused", get("/a%u0041"), 400},
      {"a dot segment is refused", get("/a/./b"), 400},
      {"a last dot segment is refused", get("/a/."), 400},
      {"a double dot segment is refused", get("/a/../b"), 400},
      {"a last double dot segment is refused", get("/a/.."), 400},
      {"dots in the query are no segments", get("/a?next=/../b"), 200},
      {"a backslash is refused", get("/\\evil"), 400},
      {"a fragment is refused", get("/a#b"), 400},
      {"a fragment behind a query is refused", get("/a?b#c"), 400},
      {"an absolute target is refused", get("http://a/"), 400},
      {"a target without a slash is refused", get("oauth"), 400},
      {"an empty target is refused", "GET  HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"an asterisk is refused for GET", get("*"), 400},
      {"an asterisk is right for OPTIONS", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 200},
      {"NUL is refused", get(std::string("/a\0b", 4)), 400},
      {"a control character is refused", get("/a\x01"), 400},
      {"DEL is refused", get("/a\x7f"), 400},
      {"a byte above 0x7f is refused in the path", get("/\xc3\xa9"), 400},
      {"a byte above 0x7f is refused in the query", get("/?\xc3\xa9"), 400},
      {"a path of 1,024 bytes passes", get(padded("/", 1023)), 200},
      {"a path of 1,025 bytes is too long", get(padded("/", 1024)), 414},
      {"a target of 8,192 bytes passes", get(padded("/?", 8190)), 200},
      {"a target of 8,193 bytes is too long", get(padded("/?", 8191)), 414},
  };
  for (const Case& one : cases) check(one);
}

TEST_CASE("header fields are judged strictly") {
  std::string many;
  for (int i = 0; i < 63; ++i) many += "X: 1\r\n";
  const Case cases[] = {
      {"whitespace around a value does not matter", post("A: \t b \t\r\n"), 200},
      {"a value may be empty", post("A:\r\n"), 200},
      {"a value may hold bytes above 0x7f", post("A: \xe9\r\n"), 200},
      {"a space before the colon is refused", post("A : b\r\n"), 400},
      {"a tab before the colon is refused", post("A\t: b\r\n"), 400},
      {"a folded field is refused", post("A: b\r\n c\r\n"), 400},
      {"a field folded by a tab is refused", post("A: b\r\n\tc\r\n"), 400},
      {"a first field that begins with a space is refused", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
      {"a line without a colon is refused", post("A\r\n"), 400},
      {"an empty name is refused", post(": b\r\n"), 400},
      {"a name is a token", post("A(b): c\r\n"), 400},
      {"a name of other letters is refused", post("\xc3\xa9: c\r\n"), 400},
      {"NUL in a value is refused", post(std::string("A: b\0c\r\n", 8)), 400},
      {"a control character in a value is refused", post("A: b\x01\r\n"), 400},
      {"64 fields pass", post(many), 200},
      {"65 fields are too many", post(many + "X: 1\r\n"), 431},
      {"a head of more than 16 kB is too large", post(padded("A: ", 16384) + "\r\n"), 431},
  };
  for (const Case& one : cases) check(one);
}

TEST_CASE("lines end with CR LF and nothing else") {
  const Case cases[] = {
      {"a bare LF after the request line is refused", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
      {"a bare LF after a field is refused", "GET / HTTP/1.1\r\nHost: a\n\r\n", 400},
      {"a bare LF as the last line is refused", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400},
      {"a bare LF is refused before the head is whole", "GET / HTTP/1.1\n", 400},
      {"a bare CR in a field is refused", "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400},
      {"a bare CR is refused before the head is whole", "GET / HTTP/1.1\rH", 400},
      {"a doubled CR is refused", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", 400},
  };
  for (const Case& one : cases) check(one);
}

TEST_CASE("HTTP/1.1 wants exactly one good Host") {
  const auto with = [](const std::string& fields) { return "GET / HTTP/1.1\r\n" + fields + "\r\n"; };
  const Case cases[] = {
      {"a name", with("Host: example.org\r\n"), 200},
      {"a name and a port", with("Host: example.org:8080\r\n"), 200},
      {"an IPv4 address", with("Host: 127.0.0.1:1\r\n"), 200},
      {"an IPv6 address", with("Host: [::1]:1\r\n"), 200},
      {"none is refused", with(""), 400},
      {"two are refused", with("Host: a\r\nHost: b\r\n"), 400},
      {"the same one twice is refused", with("Host: a\r\nhost: a\r\n"), 400},
      {"an empty one is refused", with("Host:\r\n"), 400},
      {"a list is refused", with("Host: a, b\r\n"), 400},
      {"user information is refused", with("Host: a@b\r\n"), 400},
      {"a path is refused", with("Host: a/b\r\n"), 400},
      {"a port that is no number is refused", with("Host: a:b\r\n"), 400},
      {"an empty port is refused", with("Host: a:\r\n"), 400},
      {"an unfinished bracket is refused", with("Host: [::1\r\n"), 400},
      {"text behind a bracket is refused", with("Host: [::1]a\r\n"), 400},
      {"HTTP/1.0 may do without", "GET / HTTP/1.0\r\n\r\n", 200},
      {"HTTP/1.0 may not have two", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400},
  };
  for (const Case& one : cases) check(one);
}

TEST_CASE("the length of a body is said once and clearly") {
  const Case cases[] = {
      {"Content-Length is right", post("Content-Length: 5\r\n"), 200},
      {"chunked is right", post("Transfer-Encoding: chunked\r\n"), 200},
      {"chunked in another case is right", post("transfer-encoding: Chunked\r\n"), 200},
      {"nothing said is an empty body", post(""), 200},
      {"both are refused", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
      {"both are refused in the other order", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
       400},
      {"two different lengths are refused", post("Content-Length: 5\r\nContent-Length: 6\r\n"), 400},
      {"the same length twice is refused", post("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
      {"a list of lengths is refused", post("Content-Length: 0, 60\r\n"), 400},
      {"a list of the same length is refused", post("Content-Length: 5, 5\r\n"), 400},
      {"a word is refused", post("Content-Length: abc\r\n"), 400},
      {"a signed length is refused", post("Content-Length: +5\r\n"), 400},
      {"a negative length is refused", post("Content-Length: -1\r\n"), 400},
      {"a hexadecimal length is refused", post("Content-Length: 0x5\r\n"), 400},
      {"a length with a space is refused", post("Content-Length: 1 2\r\n"), 400},
      {"an empty length is refused", post("Content-Length:\r\n"), 400},
      {"a length above the limit is too large", post("Content-Length: 65537\r\n"), 413},
      {"a length beyond every integer is too large", post("Content-Length: 99999999999999999999\r\n"), 413},
      {"a length at the limit passes", post("Content-Length: 65536\r\n"), 200},
      {"gzip, chunked is refused", post("Transfer-Encoding: gzip, chunked\r\n"), 400},
      {"chunked, identity is refused", post("Transfer-Encoding: chunked, identity\r\n"), 400},
      {"xchunked is refused", post("Transfer-Encoding: xchunked\r\n"), 400},
      {"identity is refused", post("Transfer-Encoding: identity\r\n"), 400},
      {"chunked with a parameter is refused", post("Transfer-Encoding: chunked;a=b\r\n"), 400},
      {"chunked twice is refused", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
      {"an empty coding is refused", post("Transfer-Encoding:\r\n"), 400},
      {"a vertical tab before chunked is refused",
       post("Transfer-Encoding: \x0b"
            "chunked\r\n"),
       400},
      {"chunked in HTTP/1.0 is refused", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"a body on GET is refused", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", 400},
      {"a chunked body on GET is refused", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"a body on HEAD is refused", "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", 400},
      {"an empty body on GET is right", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 200},
      {"a compressed body is refused", post("Content-Length: 5\r\nContent-Encoding: gzip\r\n"), 415},
      {"a body compressed twice is refused", post("Content-Length: 5\r\nContent-Encoding: identity, br\r\n"),
       415},
      {"identity is no compression", post("Content-Length: 5\r\nContent-Encoding: identity\r\n"), 200},
  };
  for (const Case& one : cases) check(one);
}

TEST_CASE("expectations other than 100-continue cannot be met") {
  CHECK(verdict(post("Expect: 100-continue\r\n")) == 200);
  CHECK(verdict(post("Expect: 100-Continue\r\n")) == 200);
  CHECK(verdict(post("Expect: a-cake\r\n")) == 417);
  CHECK(verdict(post("Expect: 100-continue, a-cake\r\n")) == 417);
  CHECK(verdict("POST / HTTP/1.0\r\nExpect: a-cake\r\n\r\n") == 200);
}

TEST_CASE("a connection stays as version and Connection say") {
  const auto stays = [](const std::string& version, const std::string& fields) {
    Head head;
    REQUIRE(verdict("GET / HTTP/" + version + "\r\nHost: a\r\n" + fields + "\r\n", head) == 200);
    return head.keep_alive;
  };
  CHECK(stays("1.1", ""));
  CHECK_FALSE(stays("1.1", "Connection: close\r\n"));
  CHECK_FALSE(stays("1.1", "Connection: Upgrade, Close\r\n"));
  CHECK_FALSE(stays("1.1", "Connection: keep-alive\r\nConnection: close\r\n"));
  CHECK(stays("1.1", "Connection: upgrade\r\nUpgrade: h2c\r\n"));
  CHECK_FALSE(stays("1.0", ""));
  CHECK(stays("1.0", "Connection: Keep-Alive\r\n"));
  CHECK_FALSE(stays("1.0", "Connection: keep-alive, close\r\n"));
}

TEST_CASE("a good head is told as it was sent") {
  Head head;
  const std::string bytes =
      "\r\nPOST /a/b?c=%20d HTTP/1.1\r\nHost: a\r\nX-Twice:  1 \r\nx-twice: %41\r\nContent-Length: "
      "7\r\n\r\nbody";
  REQUIRE(verdict(bytes, head) == 200);
  CHECK(head.method == "POST");
  CHECK(head.target == "/a/b?c=%20d");
  CHECK(head.path == "/a/b");
  CHECK(head.content_length == 7);
  REQUIRE(head.fields.size() == 4);
  CHECK(head.fields[1].name == "X-Twice");
  CHECK(head.fields[1].value == "1");
  CHECK(head.fields[2].name == "x-twice");
  CHECK(head.fields[2].value == "%41");
  CHECK(find_head(bytes, limits).begin == 2);
  CHECK(find_head(bytes, limits).length == bytes.size() - 2 - 4);
}

TEST_CASE("method and target of what is no whole head are told as far as they came") {
  const struct {
    const char* bytes;
    const char* method;
    const char* target;
  } cases[] = {
      {"GET /oauth/authorize?state=a", "GET", "/oauth/authorize?state=a"},
      {"POST /login HTTP/1.1\r\nHost: a\r\n", "POST", "/login"},
      {"HEAD /\nHost: a", "HEAD", "/"},
      {"G\x01T /a", "", ""},
      {"AUTH secret\n", "", ""},
      {"Bearer o2a_secret\n", "", ""},
      {"GET", "", ""},
      {"", "", ""},
  };
  for (const auto& each : cases) {
    Head head;
    glimpse(each.bytes, head);
    CHECK(head.method == each.method);
    CHECK(head.target == each.target);
  }
}

TEST_CASE("every beginning of a good head asks for more") {
  const std::string bytes = std::string("\r\n") + get("/a?b");
  for (std::size_t count = 0; count < bytes.size(); ++count) {
    CHECK(verdict(std::string_view(bytes).substr(0, count)) == 0);
  }
}

TEST_CASE("what cannot become a head is refused before its end") {
  CHECK(verdict("\x16\x03\x01") == 400);        // a TLS client
  CHECK(verdict(std::string(33, 'A')) == 400);  // no method is that long
  CHECK(verdict(padded("GET /", 8192)) == 414);
  CHECK(verdict(padded("GET / HTTP/1.1\r\nA: ", 16384)) == 431);
}

TEST_CASE("a refused head still tells what was understood of it") {
  Head head;
  CHECK(verdict("DELETE /a%00 HTTP/1.1\r\nHost: a\r\n\r\n", head) == 400);
  CHECK(head.method == "DELETE");
  CHECK(head.target == "/a%00");
}
