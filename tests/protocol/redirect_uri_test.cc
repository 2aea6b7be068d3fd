#include "core/protocol/redirect_uri.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace oauth2::protocol;

TEST_CASE("https URIs, http on loopback, and private-use schemes of public clients can be registered") {
  for (const char* uri :
       {"https://app.example.org/cb", "https://app.example.org", "https://app.example.org:8443/cb?a=b",
        "http://127.0.0.1/cb", "http://127.0.0.1:5100/cb", "http://[::1]:5100/cb", "http://localhost:3000/cb",
        "https://[2001:db8::1]/cb", "https://e.org/%20x"}) {
    CAPTURE(uri);
    CHECK_FALSE(redirect_uri_problem(uri, false).has_value());
  }
  CHECK_FALSE(redirect_uri_problem("com.example.app:/cb", true).has_value());
  CHECK(redirect_uri_problem("com.example.app:/cb", false).has_value());
}

TEST_CASE("each reason for refusing a redirect URI has a word of its own") {
  std::set<std::string_view> keys;
  for (const auto& problem : redirect_uri_problems()) {
    CHECK_FALSE(problem.text.empty());
    keys.insert(problem.key);
  }
  CHECK(keys.size() == redirect_uri_problems().size());
  CHECK(redirect_uri_problem("https://e.org/#f", false)->key == "fragment");
  CHECK(redirect_uri_problem("com.example.app:/cb", false)->key == "private_use");
}

TEST_CASE("everything else is refused at registration") {
  for (const char* uri : {"",
                          "/cb",
                          "app.example.org/cb",
                          "http://app.example.org/cb",
                          "http://127.0.0.1.evil.org/cb",
                          "http://localhost.evil.org/cb",
                          "http://127.1/cb",
                          "https://",
                          "https:///cb",
                          "https://e.org/cb#f",
                          "https://user@e.org/cb",
                          "https://u:p@e.org/",
                          "https://*.e.org/cb",
                          "https://e.org/*",
                          "https://e.org/a b",
                          "https://e.org/\x01",
                          "https://e.org/\\x",
                          "https://e.org:0/",
                          "https://e.org:65536/",
                          "https://e.org:x/",
                          "https://e.org:/",
                          "https://e.org/%zz",
                          "https://é.org/",
                          "javascript:alert(1)",
                          "data:text/html,x",
                          "file:///etc/passwd",
                          "myapp:/cb",
                          "com.example.app:cb",
                          "com.example.app://u@h/",
                          "HTTPS://e.org/cb",
                          "https://a:b:c/",
                          "1com.example:/x",
                          "com.:/x"}) {
    CAPTURE(uri);
    CHECK(redirect_uri_problem(uri, true).has_value());
  }
  CHECK(redirect_uri_problem("https://e.org/" + std::string(2000, 'x'), false).has_value());
}

TEST_CASE("a redirect URI is compared as an exact string") {
  const std::string registered = "https://app.example.org/cb";
  CHECK(redirect_uri_matches(registered, registered));
  for (const char* sent :
       {"https://app.example.org/cb/", "https://app.example.org/cb?x=1", "https://app.example.org/cb#f",
        "https://APP.example.org/cb", "https://app.example.org:443/cb", "https://app.example.org:/cb",
        "https://app.example.org./cb", "https://app.example.org/./cb", "https://app.example.org/x/../cb",
        "https://app.example.org/%63b", "https://app.example.org.evil.org/cb",
        "https://user@app.example.org/cb", "http://app.example.org/cb", "https://app.example.org/CB",
        "https://app.example.org\\cb", ""}) {
    CAPTURE(sent);
    CHECK_FALSE(redirect_uri_matches(registered, sent));
  }
}

TEST_CASE("only the port of a loopback literal may vary (RFC 8252 section 7.3)") {
  CHECK(redirect_uri_matches("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb"));
  CHECK(redirect_uri_matches("http://127.0.0.1:80/cb", "http://127.0.0.1/cb"));
  CHECK(redirect_uri_matches("http://[::1]:1/cb", "http://[::1]:65535/cb"));
  for (const char* sent :
       {"http://127.0.0.1:1@evil.org/cb", "http://127.0.0.1:0/cb", "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:+80/cb", "http://127.0.0.1:/cb", "http://127.0.0.1:80/other",
        "http://127.0.0.1.evil.org/cb", "http://localhost:80/cb", "https://127.0.0.1:80/cb",
        "http://127.0.0.1:080/cb", "http://127.1/cb", "http://[::1]/cb"}) {
    CAPTURE(sent);
    CHECK_FALSE(redirect_uri_matches("http://127.0.0.1/cb", sent));
  }
  CHECK_FALSE(redirect_uri_matches("http://localhost:3000/cb", "http://localhost:3001/cb"));
  CHECK_FALSE(redirect_uri_matches("https://e.org:1/cb", "https://e.org:2/cb"));
}
