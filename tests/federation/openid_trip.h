#pragma once

#include <optional>
#include <string>

#include "core/crypto/jwt.h"
#include "tests/federation/trip.h"

// A trip to an OpenID provider, whose every word a test may change.
class OpenIdTrip : public Trip {
 public:
  using Key = oauth2::crypto::PrivateKey;
  using Algorithm = oauth2::crypto::SigningAlgorithm;

  std::string issuer = there.url();
  Key key = Key::generate(Algorithm::eddsa);
  Json metadata = {{"issuer", issuer},
                   {"authorization_endpoint", issuer + "/authorize"},
                   {"token_endpoint", issuer + "/token"},
                   {"userinfo_endpoint", issuer + "/me"},
                   {"jwks_uri", issuer + "/jwks"}};
  Json jwks = {{"keys", Json::array({jwk(key)})}};
  Json claims = {{"iss", issuer}, {"sub", "s-1"}, {"aud", "our-id"}, {"iat", now}, {"exp", now + 300}};
  bool has_nonce = true;  // the one that was sent
  Json userinfo = {{"sub", "s-1"}, {"preferred_username", "alice"}, {"email", "a@there.example"}};
  Json token_response = {{"access_token", "token-SECRET"}, {"token_type", "Bearer"}, {"expires_in", 60}};
  // What makes an ID token of claims; the key by itself.
  std::function<std::string(const std::string&)> sign = [this](const std::string& text) {
    return oauth2::crypto::sign_jwt(key, key.kid(), "JWT", text);
  };

  OpenIdTrip() : Trip("oidc") {
    provider.issuer = issuer;
    const auto tell = [this](const std::string& path, const Json& document) {
      there.on(path, [&document](const StandIn::Request&) {
        return StandIn::Response{200, document.dump()};
      });
    };
    tell("/.well-known/openid-configuration", metadata);
    tell("/jwks", jwks);
    tell("/me", userinfo);
    there.on("/token", [this](const StandIn::Request&) {
      Json response = token_response;
      Json signed_claims = claims;
      if (has_nonce) signed_claims["nonce"] = asked.find("nonce").value_or("");
      if (!response.contains("id_token")) response["id_token"] = sign(signed_claims.dump());
      return StandIn::Response{200, response.dump()};
    });
  }

  static Json jwk(const Key& key) {
    Json out = Json::parse(oauth2::crypto::canonical_json(key.public_jwk()));
    out["kid"] = key.kid();
    out["alg"] = oauth2::crypto::name(key.algorithm());
    out["use"] = "sig";
    return out;
  }

  // A JWT with this header and whatever signature.
  static std::string jwt(const Json& header, const std::string& claims_text,
                         const std::function<std::string(const std::string&)>& signature) {
    const std::string input =
        oauth2::crypto::base64url(header.dump()) + "." + oauth2::crypto::base64url(claims_text);
    return input + "." + oauth2::crypto::base64url(signature(input));
  }
};
