#include "core/protocol/audience.h"

#include <doctest/doctest.h>

#include "core/protocol/device.h"
#include "core/protocol/introspect.h"
#include "core/protocol/resource.h"
#include "core/store/client_secrets.h"
#include "tests/protocol/grant_fixture.h"

using namespace oauth2;
using Uris = std::vector<std::string>;
using Audience = std::optional<std::string>;

namespace {

constexpr const char* issuer = "https://as.example";
constexpr const char* api = "https://api.example/v1";
constexpr const char* files = "urn:example:files";
constexpr const char* other = "https://other.example";

store::Client asker() {
  store::Client client;
  client.id = "asker";
  client.resources = {files, api};
  return client;
}

protocol::Params resources(const Uris& uris) {
  std::string form = "resource=";  // an empty one is none
  for (const std::string& uri : uris) form += "&resource=" + protocol::form_encode(uri);
  return protocol::Params::parse(form);
}

Audience requested(const Uris& uris) {
  return protocol::requested_audience(asker(), resources(uris), issuer);
}

Audience narrowed(const Audience& granted, const Uris& uris, const store::Client& client = asker()) {
  return protocol::narrowed_audience(client, granted, resources(uris), issuer);
}

template <class Act>
std::string refusal(Act&& act) {
  try {
    act();
  } catch (const protocol::Error& error) {
    CHECK(error.code.name == "invalid_target");
    CHECK(error.code.status == 400);
    CHECK(error.code.reason_is_public);
    return error.what();
  }
  return "";
}

const std::string both = std::string(api) + " " + files;

// The clients `spa` and `other` may ask for both resources; the issuer is the server's.
struct AudienceFixture : GrantFixture {
  AudienceFixture() {
    for (const char* id : {"spa", "other"}) set_resources(id, {api, files});
  }
  void set_resources(const char* id, const Uris& uris) {
    change_client(id, [&](store::Client& client) { client.resources = uris; });
  }
  std::string code_for(const Audience& audience) {
    return code([&](store::AuthorizationCode& made) { made.audience = audience; });
  }
  Audience audience_of(const nlohmann::json& token) {
    return write([&](db::Connection& connection) {
      return protocol::find_token(connection, token.get<std::string>())->audience;
    });
  }
  static std::string asking(const std::string& rest, const Uris& uris) {
    return rest + "&" + resources(uris).encode();
  }
};

}  // namespace

TEST_CASE("without resource a token is for the issuer alone, and so is one for the issuer by name") {
  CHECK(requested({}) == std::nullopt);
  CHECK(requested({issuer}) == std::nullopt);
  CHECK(requested({issuer, issuer}) == std::nullopt);
}

TEST_CASE("several resources are all the audience, in whatever order and however often they came") {
  CHECK(requested({api}) == api);
  for (const Uris& uris : {Uris{api, files}, {files, api}, {files, api, files, api}})
    CHECK(requested(uris) == both);
  CHECK(requested({files, issuer}) == std::string(issuer) + " " + files);
}

TEST_CASE("a resource is one of the client's, to the letter, or the issuer: else invalid_target") {
  for (const char* uri :
       {"https://other.example", "https://api.example/v1/", "https://api.example", "HTTPS://api.example/v1",
        "https://api.example:443/v1", "https://as.example/", "urn:example:file", "*"}) {
    CAPTURE(uri);
    CHECK_FALSE(refusal([&] { requested({uri}); }).empty());
    CHECK_FALSE(refusal([&] { requested({api, uri}); }).empty());
  }
  CHECK_FALSE(refusal([] { protocol::requested_audience({}, resources({api}), issuer); }).empty());
}

TEST_CASE("the refusal of a resource names the parameter and never its value") {
  for (const char* uri : {"https://secret.example", "secret/path", "https://secret.example/#part"}) {
    const std::string reason = refusal([&] { requested({uri}); });
    CHECK(reason.starts_with("resource "));
    CHECK(reason.find("secret") == std::string::npos);
  }
}

TEST_CASE("a resource is an absolute URI without a fragment (RFC 8707 section 2)") {
  for (const char* uri : {"https://a", "https://a.example:8443/b?c=d", "urn:example:a", "com.example.app:/x",
                          "https://[::1]/", "https://a.example/%20", "https://a.example/@b"}) {
    CAPTURE(uri);
    CHECK_FALSE(protocol::resource_problem(uri).has_value());
  }
  for (const char* uri : {"", "a", "/a", "//a.example", "https:", "https://", ":a", "1a:b", "https://a#",
                          "https://a#b", "https://a b", "https://a\tb", "https://é", "https://a\"",
                          "https://user@a", "https://bank.example:x@a/b"}) {
    CAPTURE(uri);
    CHECK(protocol::resource_problem(uri).has_value());
  }
  CHECK(protocol::resource_problem("https://a/" + std::string(500, 'x')).has_value());
}

TEST_CASE("an audience narrows to what is asked for, and never widens") {
  CHECK(narrowed(both, {}) == both);
  CHECK(narrowed(both, {files}) == files);
  CHECK(narrowed(both, {files, api}) == both);
  CHECK(narrowed({}, {}) == std::nullopt);
  CHECK(narrowed({}, {issuer}) == std::nullopt);
  CHECK(narrowed(std::string(issuer) + " " + api, {issuer}) == std::nullopt);
  const std::string reason = "resource has one that was not granted";
  CHECK(refusal([] { narrowed(api, {files}); }) == reason);
  CHECK(refusal([] { narrowed(api, {api, files}); }) == reason);
  CHECK(refusal([] { narrowed(api, {issuer}); }) == reason);
  CHECK(refusal([] { narrowed({}, {api}); }) == reason);
}

TEST_CASE("what was taken from the client is left out; asked for by name, or alone, it is invalid_target") {
  store::Client client = asker();
  client.resources = {api};
  CHECK(narrowed(both, {}, client) == api);
  CHECK(narrowed(both, {api}, client) == api);
  CHECK_FALSE(refusal([&] { narrowed(both, {files}, client); }).empty());
  CHECK(refusal([&] { narrowed(files, {}, client); }) ==
        "the client may ask for none of its resources any more");
  CHECK(narrowed(std::string(issuer) + " " + files, {}, client) == std::nullopt);
}

TEST_CASE("a token has the URIs of its audience, and without one it has the issuer") {
  store::Token token;
  CHECK(protocol::has_audience(token, issuer, issuer));
  CHECK_FALSE(protocol::has_audience(token, api, issuer));
  CHECK(protocol::audience_uris(token.audience, issuer) == Uris{issuer});
  token.audience = both;
  for (const char* uri : {api, files}) CHECK(protocol::has_audience(token, uri, issuer));
  for (const char* uri : {issuer, "https://api.example", "", "https://api.example/v1 urn:example:files"})
    CHECK_FALSE(protocol::has_audience(token, uri, issuer));
  CHECK(protocol::audience_uris(token.audience, issuer) == Uris{api, files});
}

TEST_CASE("who may see a token: its client; of one for the issuer or for them others; without audience any") {
  struct Caller {
    const char* introspect;
    Uris audiences;
  };
  const Caller any{"any", {}}, any_api{"any", {api}}, audience{"audience", {}},
      audience_both{"audience", {api, files}}, own{"own", {}}, own_api{"own", {api}};
  struct Row {
    Audience audience;
    std::vector<Caller> seen_by;
    std::vector<Caller> hidden_from;
  };
  const Row rows[] = {
      {{}, {any, any_api, audience, audience_both}, {own, own_api}},
      {api, {any, any_api, audience_both}, {audience, own, own_api}},
      {files, {any, audience_both}, {any_api, audience, own, own_api}},
      {other, {any}, {any_api, audience, audience_both, own, own_api}},
      {both, {any, any_api, audience_both}, {audience, own, own_api}},
      {std::string(other) + " " + issuer, {any, any_api, audience, audience_both}, {own, own_api}},
  };
  const auto sees = [](const Caller& caller, const Audience& audience_of_token, const char* kind,
                       const char* whose) {
    store::Client client;
    client.id = "caller";
    client.introspect = caller.introspect;
    client.audiences = caller.audiences;
    store::Token token;
    token.kind = kind;
    token.client_id = whose;
    token.audience = audience_of_token;
    return protocol::may_see(client, token, issuer);
  };
  for (const Row& row : rows) {
    CAPTURE(row.audience.value_or("none"));
    std::vector<Caller> all = row.seen_by;
    all.insert(all.end(), row.hidden_from.begin(), row.hidden_from.end());
    for (std::size_t i = 0; i < all.size(); ++i) {
      CAPTURE(all[i].introspect);
      CAPTURE(all[i].audiences.size());
      CHECK(sees(all[i], row.audience, "access", "asker") == (i < row.seen_by.size()));
      CHECK_FALSE(sees(all[i], row.audience, "refresh", "asker"));
      CHECK(sees(all[i], row.audience, "access", "caller"));
      CHECK(sees(all[i], row.audience, "refresh", "caller"));
    }
  }
}

TEST_CASE("a code's audience narrows for the access token; the refresh token keeps all of it") {
  AudienceFixture server;
  const auto answer =
      server.redeem(server.code_for(both), AudienceFixture::asking(GrantFixture::own_request, {files}));
  CHECK(server.audience_of(answer.at("access_token")) == files);
  CHECK(server.audience_of(answer.at("refresh_token")) == both);
  const auto whole = server.redeem(server.code_for(both));
  CHECK(server.audience_of(whole.at("access_token")) == both);
}

TEST_CASE("a code without resource gives tokens for the issuer, whatever the client is registered for") {
  AudienceFixture server;
  const auto answer = server.redeem(server.code());
  CHECK(server.audience_of(answer.at("access_token")) == std::nullopt);
  CHECK(server.audience_of(answer.at("refresh_token")) == std::nullopt);
  CHECK(server.refresh(answer.at("refresh_token"), AudienceFixture::asking("client_id=spa", {api}))
            .at("error") == "invalid_target");
}

TEST_CASE("a resource that was not granted neither burns the code nor the refresh token") {
  AudienceFixture server;
  const std::string code = server.code_for(api);
  const std::string widened = AudienceFixture::asking(GrantFixture::own_request, {api, files});
  CHECK(server.redeem(code, widened).at("error") == "invalid_target");
  const auto answer = server.redeem(code);
  const std::string token = answer.at("refresh_token");
  CHECK(server.refresh(token, AudienceFixture::asking("client_id=spa", {files})).at("error") ==
        "invalid_target");
  CHECK(server.active(token));
  CHECK(server.audience_of(server.refresh(token).at("access_token")) == api);
}

TEST_CASE("a refresh narrows its own access token only: the next one may have all again") {
  AudienceFixture server;
  std::string token = server.redeem(server.code_for(both)).at("refresh_token");
  for (const Uris& uris : {Uris{files}, {api}, {}, {files, api}}) {
    const auto answer = server.refresh(token, AudienceFixture::asking("client_id=spa", uris));
    CHECK(server.audience_of(answer.at("access_token")) == (uris.size() == 1 ? uris.front() : both));
    token = answer.at("refresh_token");
    CHECK(server.audience_of(token) == both);
  }
}

TEST_CASE("a retry with a rotated refresh token narrows as the first try may, and gets the same successor") {
  AudienceFixture server;
  const std::string token = server.redeem(server.code_for(both)).at("refresh_token");
  const auto first = server.refresh(token, AudienceFixture::asking("client_id=spa", {api}));
  const auto retry = server.refresh(token, AudienceFixture::asking("client_id=spa", {files}));
  CHECK(retry.at("refresh_token") == first.at("refresh_token"));
  CHECK(server.audience_of(retry.at("access_token")) == files);
  CHECK(server.refresh(token, AudienceFixture::asking("client_id=spa", {other})).at("error") ==
        "invalid_target");
  CHECK(server.active(first.at("refresh_token")));
}

TEST_CASE("reuse is reuse whatever resource it asks for") {
  AudienceFixture server;
  const std::string token = server.redeem(server.code_for(api)).at("refresh_token");
  const auto first = server.refresh(token);
  server.now += 11;
  CHECK(server.refresh(token, AudienceFixture::asking("client_id=spa", {other})).at("error") ==
        "invalid_grant");
  CHECK_FALSE(server.active(first.at("refresh_token")));
  const std::string code = server.code_for(api);
  const auto given = server.redeem(code);
  CHECK(server.redeem(code, AudienceFixture::asking(GrantFixture::own_request, {other})).at("error") ==
        "invalid_grant");
  CHECK_FALSE(server.active(given.at("access_token")));
}

TEST_CASE("resources taken from the client are lost at redemption and at refresh, and may come back") {
  AudienceFixture server;
  server.set_resources("spa", {api});
  const auto answer = server.redeem(server.code_for(both));
  CHECK(server.audience_of(answer.at("access_token")) == api);
  const std::string code = server.code_for(both);
  server.set_resources("spa", {});
  CHECK(server.redeem(code).at("error") == "invalid_target");
  CHECK(server.refresh(answer.at("refresh_token")).at("error") == "invalid_target");
  server.set_resources("spa", {api, files});
  CHECK(server.audience_of(server.redeem(code).at("access_token")) == both);
  CHECK(server.audience_of(server.refresh(answer.at("refresh_token")).at("access_token")) == both);
}

TEST_CASE("a device asks for resources at the start, and may narrow them when it is allowed") {
  AudienceFixture server;
  server.change_client("spa", [](store::Client& client) {
    client.grant_types = {std::string(protocol::device_code_grant_type), "refresh_token"};
  });
  const auto begin = [&](const Uris& uris) {
    return server.ask(AudienceFixture::asking("client_id=spa", uris), protocol::device_authorization);
  };
  CHECK(begin({other}).at("error") == "invalid_target");
  const auto begun = begin({files, api});
  const auto poll = [&](const Uris& uris) {
    return server.ask(AudienceFixture::asking(
        "grant_type=" + std::string(protocol::device_code_grant_type) +
            "&client_id=spa&device_code=" + begun.at("device_code").get<std::string>(),
        uris));
  };
  CHECK(poll({}).at("error") == "authorization_pending");
  CHECK(poll({issuer}).at("error") == "invalid_target");  // told before anybody is asked
  CHECK(protocol::decide_device_request(server.context(), "u1", begun.at("user_code").get<std::string>(),
                                        true) == protocol::DeviceDecision::approved);
  CHECK(poll({other}).at("error") == "invalid_target");
  const auto answer = poll({api});
  CHECK(server.audience_of(answer.at("access_token")) == api);
  CHECK(server.audience_of(answer.at("refresh_token")) == both);
}

TEST_CASE("a client that speaks for itself may ask for any of its resources") {
  AudienceFixture server;
  server.write([&](db::Connection& connection) {
    store::Client client;
    client.id = client.name = "app";
    client.token_endpoint_auth_method = "client_secret_post";
    client.grant_types = {"client_credentials"};
    client.resources = {api, files};
    store::insert_client(connection, client);
    store::insert_client_secret(connection, {"s1", "app", crypto::sha256_base64url("app-secret"), 0, {}});
  });
  const auto ask = [&](const Uris& uris) {
    return server.ask(AudienceFixture::asking(
        "grant_type=client_credentials&client_id=app&client_secret=app-secret", uris));
  };
  CHECK(server.audience_of(ask({files, api}).at("access_token")) == both);
  CHECK(server.audience_of(ask({}).at("access_token")) == std::nullopt);
  CHECK(ask({server.settings.issuer, other}).at("error") == "invalid_target");
  CHECK(server.audience_of(ask({server.settings.issuer}).at("access_token")) == std::nullopt);
}
