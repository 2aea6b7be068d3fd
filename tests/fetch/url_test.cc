#include "core/fetch/url.h"

#include <doctest/doctest.h>

#include "core/fetch/error.h"

namespace fetch = oauth2::fetch;

TEST_CASE("a URL comes apart into what a connection and a request line need") {
  const auto url = fetch::parse_url("https://Auth.Example.org:8443/a/b?c=d&e=%20");
  CHECK(url.is_https);
  CHECK(url.host == "auth.example.org");
  CHECK(url.port == 8443);
  CHECK(url.target() == "/a/b?c=d&e=%20");
  CHECK(url.origin() == "https://auth.example.org:8443");
  CHECK(fetch::parse_url("https://example.org").target() == "/");
  CHECK(fetch::parse_url("https://example.org?a=b").target() == "/?a=b");
  CHECK(fetch::parse_url("https://example.org").port == 443);
}

TEST_CASE("an IPv6 literal keeps its brackets in names and loses them for the resolver") {
  const auto url = fetch::parse_url("http://[::1]:9000/x");
  CHECK(url.host == "::1");
  CHECK(url.port == 9000);
  CHECK(url.authority() == "[::1]:9000");
  CHECK(fetch::parse_url("https://[2001:db8::1]").port == 443);
}

TEST_CASE("http goes to this machine only") {
  for (const char* text :
       {"http://127.0.0.1/", "http://localhost:80/", "http://[::1]", "HTTP://LOCALHOST/"}) {
    CAPTURE(text);
    CHECK_NOTHROW(fetch::parse_url(text));
  }
  for (const char* text :
       {"http://example.org/", "http://127.0.0.2/", "http://127.1/", "http://localhost.example.org",
        "http://127.0.0.1@example.org/", "http://[::2]/", "http://10.0.0.1/"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(fetch::parse_url(text), fetch::Error);
  }
}

TEST_CASE("what is no URL of a server is refused, and not repeated") {
  for (const char* text :
       {"", "example.org", "ftp://example.org", "file:///etc/passwd", "https://", "https:///x",
        "https://a b/", "https://user:secret@example.org/", "https://example.org/#secret",
        "https://example.org:0/", "https://example.org:65536/", "https://example.org:/",
        "https://example.org:+80/", "https://[::1", "https://[x]/", "https://ex\nample.org/secret",
        "https://example.org/\r\nsecret", "https://ex\xC3\xA4mple.org/", "https://a\\b/"}) {
    CAPTURE(text);
    try {
      fetch::parse_url(text);
      FAIL_CHECK("taken");
    } catch (const fetch::Error& error) {
      CHECK(error.kind == fetch::Error::Kind::not_allowed);
      CHECK(std::string(error.what()).find("secret") == std::string::npos);
    }
  }
}
