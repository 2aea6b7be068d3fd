#include "core/protocol/pkce.h"

#include <doctest/doctest.h>

#include <string>

using namespace oauth2::protocol;

TEST_CASE("S256 gives the vector of RFC 7636 appendix B") {
  CHECK(code_verifier_matches("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
                              "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
  CHECK_FALSE(code_verifier_matches("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK",
                                    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
}

TEST_CASE("a verifier and a challenge have 43 to 128 unreserved characters") {
  CHECK_FALSE(is_pkce_text(std::string(42, 'a')));
  CHECK(is_pkce_text(std::string(43, 'a')));
  CHECK(is_pkce_text(std::string(128, '~')));
  CHECK_FALSE(is_pkce_text(std::string(129, 'a')));
  CHECK_FALSE(is_pkce_text(std::string(42, 'a') + "+"));
  CHECK_FALSE(is_pkce_text(std::string(42, 'a') + "="));
}
