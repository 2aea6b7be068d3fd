#include "core/federation/id_token.h"

#include <doctest/doctest.h>

#include "core/crypto/hash.h"
#include "tests/federation/openid_trip.h"

using namespace oauth2;
using Json = nlohmann::json;
using Algorithm = crypto::SigningAlgorithm;

TEST_CASE("an ID token that is ours tells who signed in") {
  OpenIdTrip trip;
  CHECK(trip.arrive().identity.subject == "s-1");
}

TEST_CASE("ID tokens are signed with EdDSA, ES256 or RS256") {
  for (const Algorithm algorithm : {Algorithm::eddsa, Algorithm::es256, Algorithm::rs256}) {
    OpenIdTrip trip;
    trip.key = crypto::PrivateKey::generate(algorithm);
    trip.jwks["keys"] = Json::array({OpenIdTrip::jwk(trip.key)});
    CHECK(trip.failure() == "it went well");
  }
}

TEST_CASE("an ID token with a wrong claim is refused, and the failure says which") {
  const auto refusal = [](const char* name, const Json& value) {
    OpenIdTrip trip;
    trip.has_nonce = std::string_view(name) != "nonce";
    trip.claims[name] = value;
    const std::string failure = trip.failure();
    CHECK(trip.there.count("/me") == 0);  // who is not known is asked nothing more
    return failure;
  };
  CHECK(refusal("iss", "https://evil.example") == "bad_answer: ID token: it is of another issuer");
  CHECK(refusal("iss", nullptr) == "bad_answer: the provider's 'iss' is missing");
  CHECK(refusal("aud", "other-id") == "bad_answer: ID token: it is for another client");
  CHECK(refusal("aud", Json::array()) == "bad_answer: ID token: it is for another client");
  CHECK(refusal("aud", 7) == "bad_answer: the provider's 'aud' is no list of texts");
  CHECK(refusal("nonce", "other") == "bad_answer: ID token: its nonce is not the one that was sent");
  CHECK(refusal("nonce", nullptr) == "bad_answer: ID token: its nonce is not the one that was sent");
  CHECK(refusal("sub", nullptr) == "bad_answer: the provider's 'sub' is missing");
  CHECK(refusal("sub", "") == "bad_answer: the provider's 'sub' is missing");
  CHECK(refusal("sub", 7) == "bad_answer: the provider's 'sub' is no text");
  CHECK(refusal("exp", nullptr) == "bad_answer: ID token: it lacks iat or exp");
  CHECK(refusal("iat", nullptr) == "bad_answer: ID token: it lacks iat or exp");
  CHECK(refusal("exp", "tomorrow") == "bad_answer: the provider's 'exp' is no time");
  CHECK(refusal("exp", 1e300) == "bad_answer: the provider's 'exp' is no time");
  CHECK(refusal("iat", -1) == "bad_answer: the provider's 'iat' is no time");
}

TEST_CASE("an ID token for several clients names the one that asked in azp") {
  const auto outcome = [](const Json& audience, const Json& azp) {
    OpenIdTrip trip;
    trip.claims["aud"] = audience;
    trip.claims["azp"] = azp;
    return trip.failure();
  };
  CHECK(outcome({"other", "our-id"}, "our-id") == "it went well");
  CHECK(outcome({"our-id"}, nullptr) == "it went well");
  CHECK(outcome({"other", "our-id"}, nullptr) == "bad_answer: ID token: it is for several, and lacks azp");
  CHECK(outcome({"other", "our-id"}, "other") == "bad_answer: ID token: its azp is another client");
  CHECK(outcome("our-id", "other") == "bad_answer: ID token: its azp is another client");
}

TEST_CASE("clocks may differ by a minute, and by no second more") {
  const auto outcome = [](std::int64_t iat, std::int64_t exp) {
    OpenIdTrip trip;
    trip.claims["iat"] = trip.now + iat;
    trip.claims["exp"] = trip.now + exp;
    return trip.failure();
  };
  CHECK(outcome(60, 300) == "it went well");
  CHECK(outcome(61, 300) == "clock_skew: ID token: it is of the future by the clock of this server");
  CHECK(outcome(-300, -59) == "it went well");
  CHECK(outcome(-300, -60) == "clock_skew: ID token: it has expired by the clock of this server");
}

TEST_CASE("no header talks us out of the provider's signature") {
  OpenIdTrip trip;
  const std::string kid = trip.key.kid();
  const std::string public_x = trip.key.public_jwk().x;
  const auto signed_as = [&](const Json& header, std::function<std::string(const std::string&)> signature) {
    trip.sign = [=](const std::string& claims) { return OpenIdTrip::jwt(header, claims, signature); };
    return trip.failure();
  };
  const auto nothing = [](const std::string&) { return std::string(); };
  const auto with_hmac = [](const std::string& key) {
    return [key](const std::string& input) { return crypto::hmac_sha256(key, input); };
  };
  const auto own = [&](const std::string& input) { return trip.key.sign(input); };
  const std::string not_ours = "bad_answer: ID token: it is not signed with EdDSA, ES256 or RS256";
  for (const char* none : {"none", "None", "NONE", "eddsa", ""}) {
    CAPTURE(none);
    CHECK(signed_as({{"alg", none}, {"kid", kid}}, nothing).starts_with("bad_answer"));
  }
  CHECK(signed_as({{"alg", "none"}}, nothing) == not_ours);
  // The public key, as whoever forges it may have it, is no secret of HMAC.
  for (const std::string& key : {public_x, *crypto::base64url_decode(public_x), trip.key.public_key().pem(),
                                 trip.jwks.dump(), std::string("client-SECRET")})
    CHECK(signed_as({{"alg", "HS256"}, {"kid", kid}}, with_hmac(key)) == not_ours);
  CHECK(signed_as({{"alg", "EdDSA"}, {"kid", kid}, {"crit", {"exp"}}, {"exp", 1}}, own) ==
        "bad_answer: ID token: its header has 'crit'");
  CHECK(signed_as({{"alg", "EdDSA"}, {"kid", kid}, {"crit", nullptr}}, own) ==
        "bad_answer: ID token: its header has 'crit'");
  CHECK(signed_as({{"kid", kid}}, own) == "bad_answer: the provider's 'alg' is missing");
  CHECK(signed_as({{"alg", "EdDSA"}, {"kid", kid}}, nothing) ==
        "bad_answer: ID token: its signature is wrong");
  CHECK(signed_as({{"alg", "ES256"}, {"kid", kid}}, own) ==
        "bad_answer: ID token: the provider publishes no key that it could be signed with");
  CHECK(signed_as({{"alg", "EdDSA"}, {"kid", kid}}, own) == "it went well");
}

TEST_CASE("a forged signature, a key that comes along and changed claims are refused") {
  OpenIdTrip trip;
  const auto thief = crypto::PrivateKey::generate(Algorithm::eddsa);
  const std::string wrong = "bad_answer: ID token: its signature is wrong";
  trip.sign = [&](const std::string& claims) {
    return crypto::sign_jwt(thief, trip.key.kid(), "JWT", claims);
  };
  CHECK(trip.failure() == wrong);
  trip.sign = [&](const std::string& claims) {
    const Json header = {{"alg", "EdDSA"},
                         {"kid", trip.key.kid()},
                         {"jwk", OpenIdTrip::jwk(thief)},
                         {"jku", trip.there.url("/thief")}};
    return OpenIdTrip::jwt(header, claims, [&](const std::string& input) { return thief.sign(input); });
  };
  CHECK(trip.failure() == wrong);
  CHECK(trip.there.count("/thief") == 0);
  trip.sign = [&](const std::string& claims) {
    const std::string good = crypto::sign_jwt(trip.key, trip.key.kid(), "JWT", claims);
    Json changed = Json::parse(claims);
    changed["sub"] = "s-2";
    const auto parts = text::split(good, '.');
    return std::string(parts[0]) + "." + crypto::base64url(changed.dump()) + "." + std::string(parts[2]);
  };
  CHECK(trip.failure() == wrong);
}

TEST_CASE("what is no signed JWT is no ID token") {
  for (const Json& id_token :
       {Json("x"), Json("a.b"), Json(".."), Json(""), Json(7), Json(nullptr), Json(Json::object())}) {
    CAPTURE(id_token.dump());
    OpenIdTrip trip;
    trip.token_response["id_token"] = id_token;
    CHECK(trip.failure().starts_with("bad_answer"));
    CHECK(trip.there.count("/me") == 0);
  }
  OpenIdTrip trip;
  trip.sign = [&](const std::string&) { return crypto::sign_jwt(trip.key, trip.key.kid(), "JWT", "[1]"); };
  CHECK(trip.failure() == "bad_answer: ID token: its claims are no JSON object");
}

TEST_CASE("a key that is not known yet is asked for, every ten seconds at most") {
  OpenIdTrip trip;
  CHECK(trip.failure() == "it went well");
  CHECK(trip.failure() == "it went well");
  CHECK(trip.there.count("/jwks") == 1);
  trip.key = crypto::PrivateKey::generate(Algorithm::eddsa);
  const std::string unknown =
      "bad_answer: ID token: the provider publishes no key that it could be signed with";
  trip.now += 9;
  CHECK(trip.failure() == unknown);
  CHECK(trip.there.count("/jwks") == 1);
  trip.now += 1;
  CHECK(trip.failure() == unknown);  // asked, and not there either
  CHECK(trip.there.count("/jwks") == 2);
  trip.jwks["keys"] = Json::array({OpenIdTrip::jwk(trip.key)});
  trip.now += 10;
  CHECK(trip.failure() == "it went well");
  CHECK(trip.there.count("/jwks") == 3);
}

TEST_CASE("a key that the provider no longer publishes counts for ten minutes at most") {
  OpenIdTrip trip;
  CHECK(trip.failure() == "it went well");
  trip.jwks["keys"] = Json::array({OpenIdTrip::jwk(crypto::PrivateKey::generate(Algorithm::eddsa))});
  trip.now += 600;
  trip.claims["iat"] = trip.now;
  trip.claims["exp"] = trip.now + 300;
  CHECK(trip.failure() == "bad_answer: ID token: the provider publishes no key that it could be signed with");
}

TEST_CASE("an ID token without kid is of the only key that fits") {
  OpenIdTrip trip;
  const auto other = crypto::PrivateKey::generate(Algorithm::es256);
  trip.jwks["keys"].push_back(OpenIdTrip::jwk(other));
  trip.sign = [&](const std::string& claims) {
    return OpenIdTrip::jwt({{"alg", "EdDSA"}}, claims,
                           [&](const std::string& in) { return trip.key.sign(in); });
  };
  CHECK(trip.failure() == "it went well");
  trip.jwks["keys"].push_back(OpenIdTrip::jwk(crypto::PrivateKey::generate(Algorithm::eddsa)));
  trip.now += 600;
  trip.claims["iat"] = trip.now;
  trip.claims["exp"] = trip.now + 300;
  CHECK(trip.failure() == "bad_answer: ID token: it does not say which of several keys signed it");
}

TEST_CASE("keys that are no use are passed over") {
  OpenIdTrip trip;
  const Json good = OpenIdTrip::jwk(trip.key);
  Json for_encryption = good, strange = good, broken = good;
  for_encryption["use"] = "enc";
  strange["kty"] = 7;
  broken["x"] = "!";
  trip.jwks["keys"] = {for_encryption, strange, broken, "x", nullptr, Json::array(), {{"kty", "oct"}}};
  CHECK(trip.failure().starts_with("bad_answer: ID token: the provider publishes no key"));
  trip.jwks["keys"].push_back(good);
  trip.now += 10;
  CHECK(trip.failure() == "it went well");
  trip.jwks["keys"] = 7;
  trip.now += 600;
  CHECK(trip.failure() == "bad_answer: the provider's 'keys' is no list");
}
