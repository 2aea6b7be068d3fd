#include "server/trusted_proxies.h"

#include <doctest/doctest.h>

#include "core/settings.h"

using oauth2::server::TrustedProxies;

TEST_CASE(
    "X-Forwarded-For counts only from a trusted peer, and only up to the first address that is not trusted") {
  const TrustedProxies proxies({"10.0.0.0/8", "::1", "unix"});
  CHECK(proxies.client_address("203.0.113.9", "1.2.3.4") == "203.0.113.9");
  CHECK(proxies.client_address("10.1.2.3", "1.2.3.4") == "1.2.3.4");
  CHECK(proxies.client_address("10.1.2.3", "6.6.6.6, 1.2.3.4, 10.9.9.9") == "1.2.3.4");
  CHECK(proxies.client_address("10.1.2.3", "1.2.3.4, junk") == "10.1.2.3");
  CHECK(proxies.client_address("10.1.2.3", "") == "10.1.2.3");
  CHECK(proxies.client_address("::1", "2001:db8::7") == "2001:db8::7");
  CHECK(proxies.client_address("", "1.2.3.4") == "1.2.3.4");
  CHECK(TrustedProxies({}).client_address("", "1.2.3.4").empty());
  CHECK(TrustedProxies({}).client_address("10.1.2.3", "1.2.3.4") == "10.1.2.3");
}

TEST_CASE("a network has only as many bits as its address") {
  CHECK(TrustedProxies({"192.168.1.128/25"}).client_address("192.168.1.127", "1.2.3.4") == "192.168.1.127");
  CHECK(TrustedProxies({"192.168.1.128/25"}).client_address("192.168.1.129", "1.2.3.4") == "1.2.3.4");
  for (const char* bad :
       {"10.0.0.0/33", "::1/129", "10.0.0.0/x", "10.0.0.0/", "example.org", "", "10.0.0.0/-1"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(TrustedProxies({bad}), oauth2::SettingError);
  }
}
