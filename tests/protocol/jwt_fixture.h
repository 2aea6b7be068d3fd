#pragma once

#include <fstream>

#include "core/crypto/jwt.h"
#include "core/protocol/introspect.h"
#include "core/protocol/revoke.h"
#include "core/store/client_secrets.h"
#include "tests/protocol/grant_fixture.h"

// A token endpoint that has signing keys. The access tokens of the clients `spa` and `app`, which is
// confidential, are JWTs; `api` is a resource server, with opaque ones.
struct JwtFixture : GrantFixture {
  static constexpr const char* issuer = "https://auth.example/a \"path\"";  // nothing is taken as it is

  JwtFixture() {
    settings.issuer = issuer;
    settings.server_key = "file:" + folder_.path("key");
    std::ofstream(folder_.path("key")) << std::string(43, 'k');
    std::filesystem::permissions(folder_.path("key"), std::filesystem::perms::owner_read);
    change_client("spa", [](oauth2::store::Client& client) { client.access_token_format = "jwt"; });
    write([](oauth2::db::Connection& connection) {
      for (const char* id : {"app", "api"}) {
        oauth2::store::Client client;
        client.id = client.name = id;
        client.token_endpoint_auth_method = "client_secret_post";
        client.grant_types = {"client_credentials"};
        client.scope = {"read", "write"};
        if (client.id == "app") client.access_token_format = "jwt";
        oauth2::store::insert_client(connection, client);
        const std::string hash = oauth2::crypto::sha256_base64url("secret");
        oauth2::store::insert_client_secret(connection, {client.id + "-1", id, hash, 0, {}});
      }
    });
  }

  nlohmann::json ask_app(const std::string& rest = "") {
    return ask("grant_type=client_credentials&client_id=app&client_secret=secret" + rest);
  }
  std::string app_token(const std::string& rest = "") { return ask_app(rest).at("access_token"); }

  nlohmann::json introspect(const std::string& token, const std::string& client = "api") {
    return ask("client_id=" + client + "&client_secret=secret&token=" + token,
               [](const auto& context, const auto& form, const auto& authorization) {
                 return oauth2::protocol::introspect(context, form, authorization);
               });
  }
  bool is_active(const std::string& token) { return introspect(token).at("active"); }

  // What the published key of that name says about the JWT.
  bool verifies(const std::string& jwt) {
    const auto parts = oauth2::crypto::split_jwt(jwt);
    const auto header = nlohmann::json::parse(parts->header);
    const auto algorithm = oauth2::crypto::find_signing_algorithm(header.at("alg").get<std::string>());
    const auto jwks = nlohmann::json::parse(oauth2::protocol::jwks(context()).body);
    for (const auto& key : jwks.at("keys")) {
      if (key.at("kid") != header.at("kid")) continue;
      CHECK(key.at("alg") == header.at("alg"));
      const auto text = [&](const char* name) { return key.value(name, std::string()); };
      const auto known = oauth2::crypto::PublicKey::from(
          {text("kty"), text("crv"), text("x"), text("y"), text("n"), text("e")}, *algorithm);
      return known && known->verify(parts->signing_input, parts->signature);
    }
    return false;
  }

 private:
  TemporaryFolder folder_;
};

inline nlohmann::json header_of(const std::string& jwt) {
  return nlohmann::json::parse(oauth2::crypto::split_jwt(jwt)->header);
}
inline nlohmann::json claims_of_jwt(const std::string& jwt) {
  return nlohmann::json::parse(oauth2::crypto::split_jwt(jwt)->claims);
}
