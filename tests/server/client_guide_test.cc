#include "server/client_guide.h"

#include <doctest/doctest.h>

using namespace oauth2::server;
using namespace oauth2;

namespace {

store::Client web_client() {
  store::Client client;
  client.id = "web";
  client.grant_types = {"authorization_code", "refresh_token"};
  client.response_types = {"code"};
  client.redirect_uris = {"https://e.org/cb?a=b", "https://e.org/other"};
  client.token_endpoint_auth_method = "client_secret_basic";
  return client;
}

std::string keys_of(const Settings& settings, const store::Client& client) {
  std::string keys;
  for (const ClientEndpoint& each : endpoints_of(settings, client)) keys += std::string(each.key) + " ";
  return keys;
}

}  // namespace

TEST_CASE("a client is shown the endpoints that one of its kind may use") {
  Settings settings;
  store::Client client = web_client();
  CHECK(keys_of(settings, client) == "issuer metadata authorization token revocation introspection ");
  client.token_endpoint_auth_method = "none";
  CHECK(keys_of(settings, client) == "issuer metadata authorization token revocation ");
  client.require_par = true;
  CHECK(keys_of(settings, client) == "issuer metadata authorization par token revocation ");
  client.require_par = false;
  settings.require_par = true;
  CHECK(keys_of(settings, client) == "issuer metadata authorization par token revocation ");
  client.response_types.clear();
  client.grant_types = {"urn:ietf:params:oauth:grant-type:device_code"};
  CHECK(keys_of(settings, client) == "issuer metadata device token revocation ");
  client.response_types = {"token"};
  client.grant_types = {"implicit"};
  settings.require_par = false;
  CHECK(keys_of(settings, client) == "issuer metadata authorization revocation ");
}

TEST_CASE("the metadata of an issuer with a path stands between its host and its path") {
  Settings settings;
  settings.issuer = "https://e.org";
  CHECK(endpoints_of(settings, web_client())[1].url ==
        "https://e.org/.well-known/oauth-authorization-server");
  settings.issuer = "https://e.org:8443/auth/x";
  CHECK(endpoints_of(settings, web_client())[1].url ==
        "https://e.org:8443/.well-known/oauth-authorization-server/auth/x");
}

TEST_CASE("PKCE is required of public clients, and of all where the settings say so") {
  Settings settings;
  store::Client client = web_client();
  CHECK_FALSE(requires_pkce(settings, client));
  client.token_endpoint_auth_method = "none";
  CHECK(requires_pkce(settings, client));
  settings.require_pkce = "all";
  CHECK(requires_pkce(settings, web_client()));
}

TEST_CASE("the example is a whole request with the client's first redirect URI and all its scopes") {
  Settings settings;
  settings.issuer = "https://e.org";
  const std::vector<store::Scope> scopes = {{"read", {}, {}}, {"user:email", {}, {}}};
  store::Client client = web_client();
  CHECK(example_request(settings, client, scopes) ==
        "https://e.org/oauth/authorize?response_type=code&client_id=web&redirect_uri=https%3A%2F%2Fe.org%2F"
        "cb%3Fa%3Db&scope=read%20user%3Aemail&state=STATE&code_challenge=CHALLENGE&"
        "code_challenge_method=S256");
  CHECK(example_request(settings, client, {}).find("scope") == std::string::npos);
  client.require_par = true;
  CHECK(example_request(settings, client, scopes) == "");
  client = web_client();
  client.grant_types = {"client_credentials"};
  CHECK(example_request(settings, client, scopes) == "");
}
