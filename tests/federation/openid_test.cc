#include <doctest/doctest.h>

#include "core/crypto/hash.h"
#include "tests/federation/openid_trip.h"

using namespace oauth2;
using Json = nlohmann::json;
using protocol::Params;

TEST_CASE("a browser goes to the OpenID provider with scope, state, nonce and challenge") {
  OpenIdTrip trip;
  trip.metadata["authorization_endpoint"] = trip.there.url("/authorize?tenant=a%20b");
  const Params query = trip.start({"/next", federation::Purpose::sign_in, false});
  CHECK(trip.url.starts_with(trip.there.url("/authorize?tenant=a%20b&")));
  CHECK(query.find("response_type") == "code");
  CHECK(query.find("client_id") == "our-id");
  CHECK(query.find("redirect_uri") == "https://here.example/oauth/authorized/there");
  CHECK(query.find("scope") == "openid email profile");
  CHECK(query.find("nonce")->size() == 43);
  CHECK(query.find("code_challenge")->size() == 43);
  CHECK(query.find("code_challenge_method") == "S256");
  CHECK(trip.url.find("SECRET") == std::string::npos);
}

TEST_CASE("the code is redeemed with the verifier of the challenge, and userinfo asked with the token") {
  OpenIdTrip trip;
  trip.token_response["refresh_token"] = "refresh-SECRET";
  trip.token_response["scope"] = "openid";
  trip.set_secret("a client:SECRET/+é");
  const auto arrival = trip.arrive();
  const auto request = trip.there.requests("/token").at(0);
  const Params form = Params::parse(request.body);
  CHECK(request.method == "POST");
  CHECK(request.authorization ==
        "Basic " + crypto::base64("our-id:a%20client%3ASECRET%2F%2B%C3%A9"));  // RFC 6749 section 2.3.1
  CHECK(form.find("grant_type") == "authorization_code");
  CHECK(form.find("code") == "code-SECRET");
  CHECK(form.find("redirect_uri") == trip.asked.find("redirect_uri"));
  CHECK(crypto::sha256_base64url(form.require("code_verifier")) == trip.asked.find("code_challenge"));
  CHECK_FALSE(form.has("client_secret"));
  CHECK(trip.there.requests("/me").at(0).authorization == "Bearer token-SECRET");
  CHECK(arrival.tokens.access_token == "token-SECRET");
  CHECK(arrival.tokens.refresh_token == "refresh-SECRET");
  CHECK(arrival.tokens.scope == "openid");
  CHECK(arrival.tokens.expires_at == trip.now + 60);
}

TEST_CASE("the secret goes into the form where the provider takes it nowhere else") {
  OpenIdTrip trip;
  const auto way = [&](const Json& methods) {
    trip.metadata["token_endpoint_auth_methods_supported"] = methods;
    trip.now += 600;
    trip.claims["iat"] = trip.now;
    trip.claims["exp"] = trip.now + 300;
    REQUIRE(trip.failure() == "it went well");
    const auto request = trip.there.requests("/token").back();
    const Params form = Params::parse(request.body);
    CHECK(form.has("client_id") == form.has("client_secret"));
    CHECK(form.has("client_secret") == request.authorization.empty());
    return std::string(form.has("client_secret") ? "form" : "header");
  };
  CHECK(way({"client_secret_post"}) == "form");
  CHECK(way({"client_secret_post", "client_secret_basic"}) == "header");
  CHECK(way({"private_key_jwt"}) == "header");
  CHECK(way(nullptr) == "header");
}

TEST_CASE("userinfo counts before the ID token, and an address goes with its own proof") {
  OpenIdTrip trip;
  trip.claims["name"] = "Alice in the token";
  trip.claims["preferred_username"] = "token";
  trip.claims["email"] = "token@there.example";
  trip.claims["email_verified"] = true;
  auto identity = trip.arrive().identity;
  CHECK(identity.username == "alice");
  CHECK(identity.name == "Alice in the token");
  CHECK(identity.email == "a@there.example");
  CHECK_FALSE(identity.email_verified);
  trip.userinfo["email_verified"] = true;
  CHECK(trip.arrive().identity.email_verified);
  trip.userinfo.erase("email");
  trip.userinfo["email_verified"] = false;
  identity = trip.arrive().identity;
  CHECK(identity.email == "token@there.example");
  CHECK(identity.email_verified);
}

TEST_CASE("without a userinfo endpoint the ID token says all") {
  OpenIdTrip trip;
  trip.metadata.erase("userinfo_endpoint");
  trip.claims["email"] = "token@there.example";
  CHECK(trip.arrive().identity.email == "token@there.example");
  CHECK(trip.there.count("/me") == 0);
}

TEST_CASE("userinfo about another subject is refused") {
  OpenIdTrip trip;
  trip.userinfo["sub"] = "s-2";
  CHECK(trip.failure() == "bad_answer: userinfo endpoint: it is about another subject");
  trip.userinfo.erase("sub");
  CHECK(trip.failure() == "bad_answer: the provider's 'sub' is missing");
}

TEST_CASE("a discovery document of another issuer is refused, to the last character") {
  for (const char* suffix : {"/", "/x", "?"}) {
    OpenIdTrip trip;
    trip.metadata["issuer"] = trip.issuer + suffix;
    CHECK(trip.failure() == "bad_answer: discovery document: it is of another issuer");
  }
}

TEST_CASE("an issuer with a path has its document below that path") {
  OpenIdTrip trip;
  for (const char* path : {"/realms/a", "/realms/b/"}) {
    trip.metadata["issuer"] = trip.provider.issuer.emplace(trip.issuer + path);
    trip.there.answer("/realms/" + std::string(1, path[8]) + "/.well-known/openid-configuration",
                      trip.metadata.dump());
    CHECK(trip.failure([&] { trip.start(); }) == "it went well");
  }
}

TEST_CASE("a discovery document names only URLs that may be asked") {
  for (const char* name : {"authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"}) {
    for (const char* url :
         {"http://there.example/x", "javascript:alert(1)", "/relative", "https://a@b/", ""}) {
      CAPTURE(name);
      CAPTURE(url);
      OpenIdTrip trip;
      trip.metadata[name] = url;
      CHECK(trip.failure().starts_with("bad_answer"));
      CHECK(trip.there.count() == 1);
    }
  }
}

TEST_CASE("a discovery document leads to no other service of this machine") {
  StandIn other;
  for (const char* name : {"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"}) {
    CAPTURE(name);
    OpenIdTrip trip;
    trip.metadata[name] = other.url("/me");
    CHECK(trip.failure().starts_with("bad_answer: discovery document"));
    CHECK(other.count() == 0);
  }
}

TEST_CASE("a discovery document is asked for every ten minutes, and a failure is not kept") {
  OpenIdTrip trip;
  const std::string path = "/.well-known/openid-configuration";
  trip.there.answer(path, StandIn::Response{503, "{}"});
  CHECK(trip.failure() == "provider_down: discovery document: it answers 503");
  trip.there.on(path, [&](const StandIn::Request&) { return StandIn::Response{200, trip.metadata.dump()}; });
  trip.start();
  trip.now += 599;
  trip.start();
  CHECK(trip.there.count(path) == 2);
  trip.now += 1;
  trip.start();
  CHECK(trip.there.count(path) == 3);
}

TEST_CASE("a URL of the deployment counts before the one that discovery finds") {
  OpenIdTrip trip;
  trip.provider.authorize_url = trip.there.url("/own-authorize");
  trip.provider.token_url = trip.there.url("/own-token");
  CHECK(trip.failure().starts_with("bad_answer: token endpoint"));
  CHECK(trip.url.starts_with(trip.there.url("/own-authorize?")));
  CHECK(trip.there.count("/own-token") == 1);
  CHECK(trip.there.count("/token") == 0);
}

TEST_CASE("iss in the answer is the provider's issuer, and must come where it was promised") {
  OpenIdTrip trip;
  const auto outcome = [&](const std::optional<std::string>& iss) {
    return trip.failure([&] { trip.finish(trip.granted().with("iss", iss)); });
  };
  CHECK(outcome(trip.issuer) == "it went well");
  CHECK(outcome(std::nullopt) == "it went well");
  const auto redeemed = trip.there.count("/token");
  CHECK(outcome("https://evil.example").starts_with("mixed_up"));
  CHECK(outcome(trip.issuer + "/").starts_with("mixed_up"));
  trip.metadata["authorization_response_iss_parameter_supported"] = true;
  trip.now += 600;
  CHECK(outcome(std::nullopt).starts_with("mixed_up"));
  CHECK(trip.there.count("/token") == redeemed);  // the code went to nobody
  trip.claims["iat"] = trip.now;
  trip.claims["exp"] = trip.now + 300;
  CHECK(outcome(trip.issuer) == "it went well");
}

TEST_CASE("an error of another provider is mixed up too, and not the person's no") {
  OpenIdTrip trip;
  const Params denied = trip.granted().with("code", std::nullopt).with("error", "access_denied");
  CHECK(
      trip.failure([&] { trip.finish(denied.with("iss", "https://evil.example")); }).starts_with("mixed_up"));
}
