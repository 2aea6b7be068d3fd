#include "core/federation/remote_tokens.h"

#include <doctest/doctest.h>

#include "tests/federation/openid_trip.h"

using namespace oauth2;
using federation::RemoteTokens;
using protocol::Params;

namespace {

const federation::ServerKey key = federation::derive_server_key("a server's key, which is long enough");

bool opens(const federation::ServerKey& other, const char* provider, const char* subject,
           const std::string& sealed) {
  try {
    federation::open_tokens(other, provider, subject, sealed, std::nullopt);
    return true;
  } catch (const federation::CannotOpen& error) {
    CHECK(std::string(error.what()).find("SECRET") == std::string::npos);
    return false;
  }
}

}  // namespace

TEST_CASE("remote tokens open for their own account alone") {
  const RemoteTokens tokens{"a-SECRET", "r-SECRET", std::nullopt, "read", 5};
  const std::string sealed = federation::seal_tokens(key, "there", "42", tokens);
  CHECK(sealed.find("SECRET") == std::string::npos);
  const RemoteTokens opened = federation::open_tokens(key, "there", "42", sealed, 5);
  CHECK(opened.access_token == "a-SECRET");
  CHECK(opened.refresh_token == "r-SECRET");
  CHECK(opened.token_secret == std::nullopt);
  CHECK(opened.scope == "read");
  CHECK(opened.expires_at == 5);
  CHECK(opens(key, "there", "42", sealed));
  CHECK_FALSE(opens(key, "there", "43", sealed));
  CHECK_FALSE(opens(key, "elsewhere", "42", sealed));
  CHECK_FALSE(
      opens(federation::derive_server_key("another server's key, long enough"), "there", "42", sealed));
  CHECK_FALSE(opens(key, "there", "42", sealed.substr(1)));
  CHECK_FALSE(opens(key, "there", "42", ""));
}

TEST_CASE("an account's place cannot be read in two ways") {
  const std::string sealed = federation::seal_tokens(key, "a", "b/c", {"a-SECRET", {}, "s-SECRET", {}, {}});
  CHECK(federation::open_tokens(key, "a", "b/c", sealed, {}).token_secret == "s-SECRET");
  CHECK_FALSE(opens(key, "a", "b", sealed));
}

TEST_CASE("a refreshed token keeps what the answer does not name") {
  OpenIdTrip trip;
  trip.token_response["id_token"] = "not looked at";
  const RemoteTokens old{"old-SECRET", "old-refresh-SECRET", std::nullopt, "read write", trip.now};
  auto fresh = federation::refresh(trip.context().outside, trip.provider, old, trip.now);
  CHECK(fresh.access_token == "token-SECRET");
  CHECK(fresh.refresh_token == "old-refresh-SECRET");
  CHECK(fresh.scope == "read write");
  CHECK(fresh.expires_at == trip.now + 60);
  const auto request = trip.there.requests("/token").at(0);
  CHECK(request.authorization == "Basic " + crypto::base64("our-id:client-SECRET"));
  const Params form = Params::parse(request.body);
  CHECK(form.find("grant_type") == "refresh_token");
  CHECK(form.find("refresh_token") == "old-refresh-SECRET");

  trip.token_response["refresh_token"] = "new-refresh-SECRET";
  trip.token_response["scope"] = "read";
  trip.token_response.erase("expires_in");
  fresh = federation::refresh(trip.context().outside, trip.provider, old, trip.now);
  CHECK(fresh.refresh_token == "new-refresh-SECRET");
  CHECK(fresh.scope == "read");
  CHECK(fresh.expires_at == std::nullopt);
}

TEST_CASE("a refresh that is refused, or has nothing to offer, says so") {
  OpenIdTrip trip;
  const auto outcome = [&](const RemoteTokens& tokens) {
    return trip.failure(
        [&] { federation::refresh(trip.context().outside, trip.provider, tokens, trip.now); });
  };
  CHECK(outcome({"old-SECRET", {}, {}, {}, {}}) == "token_refused: the provider gave no refresh token");
  CHECK(trip.there.count() == 0);
  trip.there.answer("/token", StandIn::Response{400, R"({"error":"invalid_grant"})"});
  CHECK(outcome({"old-SECRET", "refresh-SECRET", {}, {}, {}}) ==
        "token_refused: token endpoint: it answers invalid_grant");
  trip.there.stop();
  CHECK(outcome({"old-SECRET", "refresh-SECRET", {}, {}, {}}).starts_with("provider_down"));
}
