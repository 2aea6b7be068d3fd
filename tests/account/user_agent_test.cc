#include "core/account/user_agent.h"

#include <doctest/doctest.h>

#include <string>

using oauth2::account::device_of;

namespace {

std::string shown(std::string_view user_agent) {
  const auto device = device_of(user_agent);
  return std::string(device.browser) + "/" + std::string(device.system);
}

}  // namespace

TEST_CASE("browsers and systems are told apart though they name each other") {
  CHECK(shown("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0") == "Firefox/Linux");
  CHECK(shown("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
              "Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0") == "Edge/Windows");
  CHECK(shown("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
              "Version/17.5 Safari/605.1.15") == "Safari/macOS");
  CHECK(
      shown("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "CriOS/126.0 Mobile/15E148 Safari/604.1") == "Chrome/iPhone");
  CHECK(shown("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
              "Chrome/126.0 Mobile Safari/537.36") == "Chrome/Android");
  CHECK(shown("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) "
              "Chrome/126.0 Safari/537.36 OPR/112.0") == "Opera/ChromeOS");
  CHECK(shown("curl/8.5.0") == "curl/");
}

TEST_CASE("what is not known is not guessed at") {
  for (const char* user_agent :
       {"", "Python-urllib/3.11", "Mozilla/5.0", "<script>alert(1)</script>", "Firefox"}) {
    CAPTURE(user_agent);
    CHECK(shown(user_agent) == "/");
  }
}
