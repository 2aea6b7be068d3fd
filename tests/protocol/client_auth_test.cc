#include "core/protocol/client_auth.h"

#include <doctest/doctest.h>

#include "core/crypto/base64url.h"
#include "core/protocol/error.h"

using namespace oauth2::protocol;
using Method = ClientClaim::Method;

namespace {

std::string error_of(const std::optional<std::string>& header, const char* form) {
  try {
    read_client_claim(header, Params::parse(form));
  } catch (const Error& error) {
    return std::string(error.code.name);
  }
  return "";
}

}  // namespace

TEST_CASE("Basic credentials are form-urldecoded after base64 (RFC 6749 section 2.3.1)") {
  // s6BhdRkqt3:gX1fBat3bV, the credentials of RFC 6749.
  const auto plain = read_client_claim("Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW", Params::parse(""));
  CHECK(plain.method == Method::client_secret_basic);
  CHECK(plain.client_id == "s6BhdRkqt3");
  CHECK(plain.client_secret == "gX1fBat3bV");
  // a+b:p%3Aw%2B%25+%C3%A9 → "a b" and "p:w+% é"; the scheme in any case.
  const auto encoded = read_client_claim("bAsIc   YStiOnAlM0F3JTJCJTI1KyVDMyVBOQ==", Params::parse(""));
  CHECK(encoded.client_id == "a b");
  CHECK(encoded.client_secret == "p:w+% é");
}

TEST_CASE("credentials in the body are client_secret_post, a client_id alone is method none") {
  CHECK(read_client_claim({}, Params::parse("client_id=a&client_secret=b")).method ==
        Method::client_secret_post);
  CHECK(read_client_claim({}, Params::parse("client_id=a")).method == Method::none);
  CHECK(read_client_claim({}, Params::parse("grant_type=x")).method == Method::absent);
}

TEST_CASE("two methods at once and a client_id that is not the header's are invalid_request") {
  const char* header = "Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW";
  CHECK(error_of(header, "client_secret=x") == "invalid_request");
  CHECK(error_of(header, "client_id=s6BhdRkqt3&client_secret=gX1fBat3bV") == "invalid_request");
  CHECK(error_of(header, "client_id=other") == "invalid_request");
  CHECK(error_of(header, "client_id=s6BhdRkqt3").empty());
  CHECK(error_of({}, "client_secret=x") == "invalid_request");
}

TEST_CASE("a malformed Authorization header is invalid_client, never a failure of ours") {
  for (const char* header : {"Basic", "Basic ", "Basic !!!", "Basic Y29sb25sZXNz", "Basic OnNlY3JldA==",
                             "Bearer x", "Basic \xFF\xFE", "", "basic", "Basic AGE6Yg==", "Basic JTAwOmI="}) {
    CAPTURE(header);
    CHECK(error_of(header, "") == "invalid_client");
  }
}
