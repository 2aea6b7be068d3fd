#include <doctest/doctest.h>

#include "tests/protocol/grant_fixture.h"

using namespace oauth2;

namespace {

constexpr std::int64_t day = 86'400;

}  // namespace

TEST_CASE("a refresh token rotates at every use, and the old one is inactive at once") {
  GrantFixture server;
  std::string token = server.first();
  for (int i = 0; i < 5; ++i) {
    const auto answer = server.refresh(token);
    CHECK(answer.at("user").at("id") == "u1");
    CHECK(answer.at("refresh_token") != token);
    CHECK_FALSE(server.active(token));
    CHECK(server.active(answer.at("access_token")));
    token = answer.at("refresh_token");
  }
  CHECK(server.active(token));
}

TEST_CASE("a retry within 10 seconds gets the same successor and a fresh access token") {
  GrantFixture server;
  const std::string token = server.first();
  const auto first = server.refresh(token);
  for (const int wait : {0, 4, 6}) {  // up to 10 in all
    server.now += wait;
    const auto retry = server.refresh(token);
    CHECK(retry.at("refresh_token") == first.at("refresh_token"));
    CHECK(retry.at("access_token") != first.at("access_token"));
    CHECK(server.active(first.at("access_token")));
  }
  CHECK(server.refresh(first.at("refresh_token")).contains("access_token"));
  CHECK(server.audit().empty());
}

TEST_CASE("after 10 seconds a rotated token is reuse: invalid_grant, and the whole family is revoked") {
  GrantFixture server;
  const std::string token = server.first();
  const auto bystander = server.first();
  const auto first = server.refresh(token);
  server.now += 11;
  CHECK(server.refresh(token).at("reason") == "refresh_token was used before");
  CHECK_FALSE(server.active(first.at("access_token")));
  CHECK_FALSE(server.active(first.at("refresh_token")));
  CHECK(server.refresh(first.at("refresh_token")).at("error") == "invalid_grant");
  CHECK(server.refresh(token).at("reason") == "refresh_token is revoked");
  CHECK(server.active(bystander));
  CHECK(server.audit() == std::vector<std::string>{"token.reuse client:spa"});
}

TEST_CASE("once the successor was used, any repeat is reuse, within 10 seconds too") {
  GrantFixture server;
  const std::string token = server.first();
  const auto second = server.refresh(token);
  const auto third = server.refresh(second.at("refresh_token"));
  CHECK(server.refresh(token).at("reason") == "refresh_token was used before");
  CHECK_FALSE(server.active(third.at("refresh_token")));
  CHECK_FALSE(server.active(third.at("access_token")));
}

TEST_CASE("reuse is reuse whatever scope it asks for, and after the token's own end") {
  for (const std::int64_t wait : {11 * std::int64_t{1}, 40 * day}) {
    CAPTURE(wait);
    GrantFixture server;
    const std::string token = server.first();
    std::string newest = server.refresh(token).at("refresh_token");
    for (std::int64_t waited = 0; waited < wait; waited += std::min(wait, 20 * day)) {
      server.now += std::min(wait, 20 * day);
      newest = server.refresh(newest).at("refresh_token");
    }
    CHECK(server.refresh(token, "client_id=spa&scope=admin").at("error") == "invalid_grant");
    CHECK_FALSE(server.active(newest));
  }
}

TEST_CASE("another client's try is invalid_grant and touches nothing") {
  GrantFixture server;
  const std::string token = server.first();
  CHECK(server.refresh(token, "client_id=other").at("error") == "invalid_grant");
  const auto first = server.refresh(token);
  server.now += 60;
  CHECK(server.refresh(token, "client_id=other").at("error") == "invalid_grant");
  CHECK(server.active(first.at("refresh_token")));
}

TEST_CASE("a refresh token left alone for refresh_token_idle is gone, and each use starts that anew") {
  GrantFixture server;
  const std::string idle = server.first();
  std::string used = server.first();
  for (int i = 0; i < 3; ++i) {
    server.now += 30 * day - 1;
    used = server.refresh(used).at("refresh_token");
  }
  CHECK(server.refresh(idle).at("error") == "invalid_grant");
  server.now += 30 * day;
  CHECK(server.refresh(used).at("error") == "invalid_grant");
}

TEST_CASE("a family ends refresh_token_ttl after its first token, however often it is used") {
  struct Row {
    const char* what;
    std::optional<std::int64_t> of_client;
    std::int64_t of_server;
    std::int64_t ends_after;
  };
  for (const Row& row :
       {Row{"the default", {}, 180 * day, 180 * day}, Row{"the setting", {}, 50 * day, 50 * day},
        Row{"the client's own", 70 * day, 50 * day, 70 * day},
        Row{"shorter than idle", 1000, 180 * day, 1000}}) {
    CAPTURE(row.what);
    GrantFixture server;
    server.settings.refresh_token_ttl = row.of_server;
    server.write([&](db::Connection& connection) {
      store::Client client = *store::find_client(connection, "spa");
      client.refresh_token_ttl = row.of_client;
      store::update_client(connection, client);
    });
    const std::int64_t end = server.now + row.ends_after;
    std::string token = server.first();
    while (server.now + 20 * day < end) {
      server.now += 20 * day;
      token = server.refresh(token).at("refresh_token");
    }
    server.now = end - 1;
    token = server.refresh(token).at("refresh_token");
    server.now = end;
    CHECK(server.refresh(token).at("error") == "invalid_grant");
  }
}

TEST_CASE("scope may narrow and never widen, and the refresh token keeps the original one") {
  GrantFixture server;
  std::string token = server.first();
  const auto refresh = [&](const std::string& scope) {
    const auto answer = server.refresh(token, "client_id=spa&scope=" + scope);
    if (answer.contains("refresh_token")) token = answer.at("refresh_token");
    return answer.value("scope", answer.value("error", ""));
  };
  CHECK(refresh("read") == "read");
  CHECK(refresh("user:email") == "invalid_scope");
  CHECK(refresh("read+user:email") == "invalid_scope");
  CHECK(refresh("nothing-such") == "invalid_scope");
  CHECK(refresh("%22") == "invalid_scope");
  CHECK(refresh("write+read") == "write read");
  CHECK(refresh("") == "read write");
}

TEST_CASE("a refused scope uses nothing up") {
  GrantFixture server;
  const std::string token = server.first();
  CHECK(server.refresh(token, "client_id=spa&scope=admin").at("error") == "invalid_scope");
  CHECK(server.active(token));
}

TEST_CASE("scopes lost meanwhile are left out; with none left it is invalid_scope; they may come back") {
  GrantFixture server;
  const auto update = [&](const std::vector<std::string>& scope) {
    server.write([&](db::Connection& connection) {
      store::Client client = *store::find_client(connection, "spa");
      client.scope = scope;
      store::update_client(connection, client);
    });
  };
  std::string token = server.first();
  update({"read"});
  auto answer = server.refresh(token);
  CHECK(answer.at("scope") == "read");
  token = answer.at("refresh_token");
  update({"user:email"});
  CHECK(server.refresh(token).at("error") == "invalid_scope");
  CHECK(server.active(token));
  update({"read", "write"});
  answer = server.refresh(token);
  CHECK(answer.at("scope") == "read write");
  server.write([](db::Connection& connection) {
    store::Scope scope = *store::find_scope(connection, "write");
    scope.internal = true;
    store::update_scope(connection, scope);
    store::delete_scope(connection, "read");
  });
  CHECK(server.refresh(answer.at("refresh_token")).at("error") == "invalid_scope");
}

TEST_CASE("the audience is carried over") {
  GrantFixture server;
  server.change_client("spa", [](store::Client& client) { client.resources = {"https://api.example"}; });
  const auto code =
      server.code([](store::AuthorizationCode& made) { made.audience = "https://api.example"; });
  const auto first = server.redeem(code);
  const auto second = server.refresh(server.refresh(first.at("refresh_token")).at("refresh_token"));
  for (const auto& token : {first.at("access_token"), first.at("refresh_token"), second.at("access_token"),
                            second.at("refresh_token")}) {
    server.write([&](db::Connection& connection) {
      CHECK(protocol::find_token(connection, token.get<std::string>())->audience == "https://api.example");
    });
  }
}

TEST_CASE("a successor that cannot be opened is not handed out: that is reuse") {
  GrantFixture server;
  const std::string token = server.first();
  server.refresh(token);
  server.write([](db::Connection& connection) {
    connection.run("UPDATE tokens SET successor_sealed = 'AAAA' WHERE rotated_at IS NOT NULL");
  });
  CHECK(server.refresh(token).at("reason") == "refresh_token was used before");
}

TEST_CASE("what is no refresh token is invalid_grant, and none at all invalid_request") {
  GrantFixture server;
  const auto answer = server.redeem(server.code());
  for (const std::string& token : {answer.at("access_token").get<std::string>(), std::string("x"),
                                   crypto::make_token_string(crypto::TokenKind::refresh), server.code()}) {
    CHECK(server.refresh(token).at("error") == "invalid_grant");
  }
  CHECK(server.refresh("").at("error") == "invalid_request");
}
