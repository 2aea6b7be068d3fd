#include <doctest/doctest.h>

#include <set>

#include "core/protocol/access_token.h"
#include "core/protocol/device.h"
#include "core/protocol/grant.h"
#include "core/protocol/issue.h"
#include "core/store/signing_keys.h"
#include "core/text.h"
#include "tests/protocol/jwt_fixture.h"

using namespace oauth2;

namespace {

std::set<std::string> names_of(const nlohmann::json& object) {
  std::set<std::string> names;
  for (const auto& [name, value] : object.items()) names.insert(name);
  return names;
}

store::Token row_with(const std::optional<std::string>& audience, const std::string& scope = "read") {
  store::Token row;
  row.client_id = "app";
  row.audience = audience;
  row.scope = scope;
  row.created_at = 1000;
  row.expires_at = 4600;
  return row;
}

std::optional<store::Token> stored(JwtFixture& server, const std::string& token) {
  return server.write([&](db::Connection& connection) { return protocol::find_token(connection, token); });
}

}  // namespace

TEST_CASE("a user's token says who issued it, for whom, to which client, by whose leave and how long") {
  JwtFixture server;
  const auto answer = server.redeem(server.code());
  const std::string token = answer.at("access_token");
  const auto claims = claims_of_jwt(token);
  CHECK(names_of(claims) ==
        std::set<std::string>{"jti", "iss", "sub", "aud", "client_id", "exp", "iat", "scope"});
  CHECK(claims.at("iss") == JwtFixture::issuer);
  CHECK(claims.at("aud") == JwtFixture::issuer);
  CHECK(claims.at("sub") == "u1");
  CHECK(claims.at("client_id") == "spa");
  CHECK(claims.at("iat") == server.now);
  CHECK(claims.at("exp") == server.now + answer.at("expires_in").get<std::int64_t>());
  CHECK(claims.at("scope") == "read write");
  CHECK(claims.at("scope") == answer.at("scope"));
  CHECK(server.verifies(token));
}

TEST_CASE("its header has the type of RFC 9068, the algorithm and the name of a published key, and no more") {
  JwtFixture server;
  const auto header = header_of(server.app_token());
  CHECK(names_of(header) == std::set<std::string>{"typ", "alg", "kid"});
  CHECK(header.at("typ") == "at+jwt");
  CHECK(header.at("alg") == "EdDSA");
}

TEST_CASE("a client that speaks for itself is the subject of its token") {
  JwtFixture server;
  const auto claims = claims_of_jwt(server.app_token());
  CHECK(claims.at("sub") == "app");
  CHECK(claims.at("client_id") == "app");
}

TEST_CASE("a token for no scope has none: an empty one would be malformed") {
  JwtFixture server;
  server.change_client("app", [](store::Client& client) { client.scope = {}; });
  CHECK_FALSE(claims_of_jwt(server.app_token()).contains("scope"));
}

TEST_CASE("the jti is the first claim and the id that the database has, and no two are alike") {
  JwtFixture server;
  std::set<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    const std::string token = server.app_token();
    const std::string id = claims_of_jwt(token).at("jti");
    CHECK(crypto::split_jwt(token)->claims.starts_with(R"({"jti":")" + id + "\""));
    CHECK(id.size() == 23);
    CHECK(stored(server, token)->id == id);
    ids.insert(id);
  }
  CHECK(ids.size() == 20);
}

TEST_CASE("every algorithm that a client may name signs its tokens, and the published key verifies them") {
  JwtFixture server;
  for (const char* algorithm : {"EdDSA", "ES256", "RS256"}) {
    CAPTURE(algorithm);
    server.change_client("app", [&](store::Client& client) { client.signing_alg = algorithm; });
    const std::string token = server.app_token();
    CHECK(header_of(token).at("alg") == algorithm);
    CHECK(server.verifies(token));
    const auto dot = token.rfind('.');
    CHECK_FALSE(server.verifies(token.substr(0, dot - 1) + "A" + token.substr(dot)));
  }
}

TEST_CASE("one audience is a string, and several are an array") {
  const auto aud = [](const std::optional<std::string>& audience) {
    return nlohmann::json::parse(protocol::access_token_claims(row_with(audience), "https://auth.example"))
        .at("aud");
  };
  CHECK(aud(std::nullopt) == "https://auth.example");
  CHECK(aud("https://a.example/x") == "https://a.example/x");
  CHECK(aud("https://a.example/ https://b.example/") ==
        nlohmann::json::array({"https://a.example/", "https://b.example/"}));
}

TEST_CASE("a refresh token stays opaque, and each use of it gives another JWT") {
  JwtFixture server;
  const auto first = server.redeem(server.code());
  CHECK(crypto::inspect_token_string(first.at("refresh_token").get<std::string>()) ==
        crypto::TokenKind::refresh);
  server.now += 100;
  const auto second = server.refresh(first.at("refresh_token"), "client_id=spa&scope=read");
  const auto claims = claims_of_jwt(second.at("access_token"));
  CHECK(claims.at("iat") == server.now);
  CHECK(claims.at("scope") == "read");
  CHECK(claims.at("sub") == "u1");
  CHECK(server.active(second.at("access_token")));
  CHECK(server.verifies(second.at("access_token")));
}

TEST_CASE("a retried refresh gives the same successor and a fresh JWT") {
  JwtFixture server;
  const std::string token = server.first();
  const auto first = server.refresh(token);
  server.now += 5;
  const auto retried = server.refresh(token);
  CHECK(retried.at("refresh_token") == first.at("refresh_token"));
  CHECK(retried.at("access_token") != first.at("access_token"));
  CHECK(server.active(retried.at("access_token")));
  CHECK(claims_of_jwt(retried.at("access_token")).at("sub") == "u1");
}

TEST_CASE("a JWT that was signed for another claim than what is given in the end is signed anew") {
  JwtFixture server;
  server.app_token();  // so that there is a key
  const store::Client client =
      server.write([](db::Connection& connection) { return *store::find_client(connection, "spa"); });
  const protocol::Context context = server.context();
  protocol::Claim claim;
  claim.scope = {"read", "write"};
  claim.user_id = "u1";
  protocol::NewTokens made = protocol::make_tokens(client, claim);
  protocol::sign_tokens(context, client, claim, made);
  const auto issue = [&](const protocol::Claim& given) {
    return server
        .write([&](db::Connection& connection) {
          return protocol::issue(context, connection, {}, client, given, made);
        })
        .access_token;
  };
  protocol::Claim narrower = claim;
  narrower.scope = {"read"};
  protocol::Claim elsewhere = claim;
  elsewhere.audience = "https://api.example";
  for (const protocol::Claim& given : {narrower, elsewhere}) {
    const std::string token = issue(given);
    CHECK(token != made.access.secret);
    const auto claims = claims_of_jwt(token);
    const auto row = stored(server, token);
    REQUIRE(row);
    CHECK(claims.at("scope") == row->scope);
    CHECK(claims.at("aud") == row->audience.value_or(JwtFixture::issuer));
    CHECK(server.verifies(token));
  }
  CHECK(issue(claim) == made.access.secret);
}

TEST_CASE("a JWT never lives longer than its row, though the client's lifetime was shortened meanwhile") {
  JwtFixture server;
  server.app_token();  // so that there is a key
  const auto find = [](db::Connection& connection) { return *store::find_client(connection, "spa"); };
  const protocol::Context context = server.context();
  protocol::Claim claim;
  claim.user_id = "u1";
  protocol::NewTokens made = protocol::make_tokens(server.write(find), claim);
  protocol::sign_tokens(context, server.write(find), claim, made);
  server.change_client("spa", [](store::Client& client) { client.access_token_ttl = 60; });
  const auto issued = server.write([&](db::Connection& connection) {
    return protocol::issue_implicit(context, connection, find(connection), claim, made);
  });
  CHECK(issued.expires_in == 60);
  CHECK(claims_of_jwt(issued.access_token).at("exp") == context.now + 60);
  CHECK(server.is_active(issued.access_token));
}

TEST_CASE("a scope that no JWT has room for is invalid_scope, and uses nothing up") {
  JwtFixture server;
  std::vector<std::string> scope;
  server.write([&](db::Connection& connection) {
    for (int i = 0; i < 80; ++i) {
      scope.push_back("s" + std::to_string(i) + std::string(90, 'x'));
      store::insert_scope(connection, {scope.back(), "", {}, false, false, 0});
    }
  });
  for (const char* id : {"app", "spa"})
    server.change_client(id, [&](store::Client& client) { client.scope = scope; });
  CHECK(server.ask_app().at("error") == "invalid_scope");
  CHECK(server.ask_app("&scope=" + scope[0]).contains("access_token"));
  const std::string code =
      server.code([&](store::AuthorizationCode& each) { each.scope = text::join(scope); });
  CHECK(server.redeem(code).at("error") == "invalid_scope");
  server.change_client("spa", [](store::Client& client) { client.access_token_format = "opaque"; });
  CHECK(server.redeem(code).contains("access_token"));
}

TEST_CASE("a token whose key is retired while it waits to be stored is not given") {
  JwtFixture server;
  const std::string kid = header_of(server.app_token()).at("kid");
  const protocol::Context context = server.context();
  const store::Client client =
      server.write([](db::Connection& connection) { return *store::find_client(connection, "spa"); });
  protocol::Claim claim;
  claim.user_id = "u1";
  protocol::NewTokens made = protocol::make_tokens(client, claim);
  protocol::sign_tokens(context, client, claim, made);
  const auto store_it = [&](bool implicit) {
    server.write([&](db::Connection& connection) {
      implicit ? protocol::issue_implicit(context, connection, client, claim, made)
               : protocol::issue(context, connection, {}, client, claim, made);
    });
  };
  server.write([&](db::Connection& connection) {
    store::retire_signing_key(connection, kid, server.now, server.now);
  });
  for (const bool implicit : {false, true}) {
    try {
      store_it(implicit);
      FAIL("it was given");
    } catch (const protocol::Error& error) {
      CHECK(error.code.name == "temporarily_unavailable");
    }
  }
  // One that was rotated is published still.
  server.write([&](db::Connection& connection) {
    store::retire_signing_key(connection, kid, server.now, server.now + 60);
  });
  store_it(false);
  CHECK(server.active(made.access.secret));
}
