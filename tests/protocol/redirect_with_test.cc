#include <doctest/doctest.h>

#include <string>

#include "core/protocol/params.h"
#include "core/protocol/redirect_uri.h"

using namespace oauth2::protocol;

TEST_CASE("an answer goes into the query, behind what is registered in it (RFC 6749 section 4.1.2)") {
  const ResponseParameters answer = {{"code", "c"}, {"state", "s"}};
  struct Row {
    const char* uri;
    const char* location;
  };
  for (const Row& row : {Row{"https://e.org/cb", "https://e.org/cb?code=c&state=s"},
                         Row{"https://e.org", "https://e.org?code=c&state=s"},
                         Row{"https://e.org/", "https://e.org/?code=c&state=s"},
                         Row{"https://e.org/cb?a=b", "https://e.org/cb?a=b&code=c&state=s"},
                         Row{"https://e.org/cb?", "https://e.org/cb?code=c&state=s"},
                         Row{"https://e.org/cb?a&", "https://e.org/cb?a&code=c&state=s"},
                         Row{"https://e.org/cb?a=%26?", "https://e.org/cb?a=%26?code=c&state=s"},
                         Row{"http://[::1]:80/cb", "http://[::1]:80/cb?code=c&state=s"},
                         Row{"com.example.app:/cb", "com.example.app:/cb?code=c&state=s"}}) {
    CAPTURE(row.uri);
    CHECK(redirect_with(row.uri, answer, false) == row.location);
  }
}

TEST_CASE("a token goes into the fragment, and the registered query stays (RFC 6749 section 4.2.2)") {
  CHECK(redirect_with("https://e.org/cb?a=b", {{"access_token", "t"}, {"state", "s"}}, true) ==
        "https://e.org/cb?a=b#access_token=t&state=s");
  CHECK(redirect_with("https://e.org", {{"error", "x"}}, true) == "https://e.org#error=x");
}

TEST_CASE("values are encoded so that each reader gets them byte for byte, and none ends the line") {
  for (const std::string& value :
       {std::string("a&b=c"), std::string("100%"), std::string("a+b c"), std::string("#?/"),
        std::string("é😀"), std::string("a\r\nb"), std::string("\"<>'"), std::string("%41")}) {
    CAPTURE(value);
    const std::string location = redirect_with("https://e.org/cb", {{"state", value}}, false);
    for (const char c : location) CHECK((c > 0x20 && c < 0x7F));
    CHECK(Params::parse(location.substr(location.find('?') + 1)).find("state") == value);
  }
}

TEST_CASE("origin_of is scheme, host and port, or the private-use scheme alone") {
  struct Row {
    const char* uri;
    const char* origin;
  };
  for (const Row& row :
       {Row{"https://e.org/cb?x#y", "https://e.org"}, Row{"https://e.org", "https://e.org"},
        Row{"https://e.org:8443/cb", "https://e.org:8443"}, Row{"https://e.org?a=/b", "https://e.org"},
        Row{"http://127.0.0.1:5100/cb", "http://127.0.0.1:5100"},
        Row{"http://[::1]:5100/cb", "http://[::1]:5100"}, Row{"com.example.app:/cb", "com.example.app:"},
        Row{"com.example.app://host/cb", "com.example.app:"}}) {
    CAPTURE(row.uri);
    CHECK(origin_of(row.uri) == row.origin);
  }
}

TEST_CASE("csp_source_of is the scheme, which leaves a client free to send the user on") {
  struct Row {
    const char* uri;
    const char* source;
  };
  for (const Row& row :
       {Row{"https://e.org/cb", "https:"}, Row{"https://e.org:8443/cb", "https:"},
        Row{"http://127.0.0.1:5100/cb", "http: https:"}, Row{"http://[::1]:5100/cb", "http: https:"},
        Row{"https://a;b/cb", "https:"}, Row{"com.example.app:/cb", "com.example.app:"}}) {
    CAPTURE(row.uri);
    CHECK(csp_source_of(row.uri) == row.source);
  }
}

TEST_CASE("no URI that can be registered puts a semicolon into the policy") {
  for (const char* uri :
       {"https://a;script-src/cb", "https://a b/cb", "com.example.app:/;x", "https://a%3Bb/"}) {
    CAPTURE(uri);
    if (!redirect_uri_problem(uri, true)) CHECK(csp_source_of(uri).find_first_of(";,'") == std::string::npos);
  }
}

TEST_CASE("a loopback URI is one of three hosts, whatever its port; others are private use or https") {
  for (const char* uri : {"http://127.0.0.1/cb", "http://127.0.0.1:1/cb", "http://[::1]:1/cb",
                          "http://localhost:3000/cb", "http://localhost?x"}) {
    CAPTURE(uri);
    CHECK(is_loopback_uri(uri));
    CHECK_FALSE(is_private_use_uri(uri));
  }
  for (const char* uri : {"https://127.0.0.1/cb", "https://e.org/cb"}) {
    CAPTURE(uri);
    CHECK_FALSE(is_loopback_uri(uri));
    CHECK_FALSE(is_private_use_uri(uri));
  }
  for (const char* uri : {"com.example.app:/cb", "http://127.0.0.1.evil.org/", "http://localhost.evil.org/",
                          "http://127.0.0.1@evil.org/"}) {
    CAPTURE(uri);
    CHECK(is_private_use_uri(uri));
  }
}
