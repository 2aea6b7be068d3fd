#include <doctest/doctest.h>

#include "core/protocol/device.h"
#include "core/store/consents.h"
#include "core/text.h"
#include "tests/protocol/grant_fixture.h"

using namespace oauth2;
using protocol::DeviceDecision;

namespace {

// The public clients `spa` and `other` are registered for the grant.
struct DeviceFixture : GrantFixture {
  DeviceFixture() {
    for (const char* id : {"spa", "other"}) {
      change_client(id, [](store::Client& client) {
        client.grant_types = {std::string(protocol::device_code_grant_type), "refresh_token"};
      });
    }
  }

  nlohmann::json begin(const std::string& form = "client_id=spa") {
    return ask(form, protocol::device_authorization);
  }
  nlohmann::json poll(const nlohmann::json& begun, const std::string& client = "spa") {
    return ask("grant_type=" + std::string(protocol::device_code_grant_type) + "&client_id=" + client +
               "&device_code=" + begun.at("device_code").get<std::string>());
  }
  DeviceDecision decide(const nlohmann::json& begun, bool allow) {
    const auto user = write([](db::Connection& connection) { return *store::find_user(connection, "u1"); });
    return protocol::decide_device_request(context(), user.id, begun.at("user_code").get<std::string>(),
                                           allow);
  }
  std::optional<protocol::DeviceRequest> look(const std::string& user_code) {
    return write([&](db::Connection& connection) {
      return protocol::find_device_request(context(), connection, user_code);
    });
  }
  std::optional<store::Consent> consent() {
    return write([](db::Connection& connection) { return store::find_consent_of(connection, "u1", "spa"); });
  }
};

}  // namespace

TEST_CASE("a device is told its codes, where to go, how long and how often") {
  DeviceFixture server;
  const auto begun = server.begin("client_id=spa&scope=read");
  CHECK(begun.size() == 6);
  const std::string user_code = begun.at("user_code");
  CHECK(user_code.size() == 9);
  CHECK(user_code[4] == '-');
  CHECK(user_code.find_first_not_of("BCDFGHJKLMNPQRSTVWXZ-") == std::string::npos);
  CHECK(begun.at("verification_uri") == "http://127.0.0.1:9000/device");
  CHECK(begun.at("verification_uri_complete") == "http://127.0.0.1:9000/device?user_code=" + user_code);
  CHECK(begun.at("expires_in") == 600);
  CHECK(begun.at("interval") == 5);
  CHECK(crypto::inspect_token_string(begun.at("device_code").get<std::string>()) ==
        crypto::TokenKind::device_code);
  const auto request = server.look(user_code);
  REQUIRE(request);
  CHECK(request->client.id == "spa");
  CHECK(request->scope == std::vector<std::string>{"read"});
  CHECK(request->code.device_code_hash ==
        crypto::sha256_base64url(begun.at("device_code").get<std::string>()));
}

TEST_CASE("a client may begin only with the grant and for its scope") {
  DeviceFixture server;
  CHECK(server.begin("client_id=spa&scope=admin").at("error") == "invalid_scope");
  CHECK(server.begin("client_id=nobody").at("error") == "invalid_client");
  server.change_client("spa", [](store::Client& client) { client.grant_types = {"refresh_token"}; });
  CHECK(server.begin().at("error") == "unauthorized_client");
}

TEST_CASE("a user code is its letters, however it is typed") {
  CHECK(protocol::normalize_user_code("BCDF-GHJK") == "BCDFGHJK");
  CHECK(protocol::normalize_user_code("  bcdf ghjk\t") == "BCDFGHJK");
  CHECK(protocol::normalize_user_code("b.c_d–f/g h0j1k") == "BCDFGHJK");
  CHECK(protocol::normalize_user_code("") == "");
  CHECK(protocol::shown_user_code("BCDFGHJK") == "BCDF-GHJK");
  DeviceFixture server;
  const std::string user_code = server.begin().at("user_code");
  CHECK(server.look(text::lower(user_code.substr(0, 4)) + " " + user_code.substr(5)));
  CHECK_FALSE(server.look(user_code.substr(1)));
  CHECK_FALSE(server.look(""));
}

TEST_CASE("until somebody decides the answer is authorization_pending; then one poll gets the tokens") {
  DeviceFixture server;
  const auto begun = server.begin();
  CHECK(server.poll(begun).at("error") == "authorization_pending");
  server.now += 5;
  CHECK(server.poll(begun).at("error") == "authorization_pending");
  CHECK(server.decide(begun, true) == DeviceDecision::approved);
  const auto answer = server.poll(begun);  // at once: it has been decided, so it is not too fast
  CHECK(answer.at("scope") == "read write user:email");
  CHECK(answer.at("user").at("id") == "u1");
  CHECK(server.active(answer.at("access_token")));
  CHECK(server.active(answer.at("refresh_token")));
  CHECK(server.poll(begun).at("error") == "invalid_grant");
  CHECK(server.active(answer.at("access_token")));
  CHECK(server.active(server.refresh(answer.at("refresh_token")).at("access_token")));
}

TEST_CASE("one who polls too fast has to wait 5 seconds longer, for good") {
  DeviceFixture server;
  const auto begun = server.begin();
  CHECK(server.poll(begun).at("error") == "authorization_pending");
  server.now += 4;
  CHECK(server.poll(begun).at("error") == "slow_down");
  server.now += 9;
  CHECK(server.poll(begun).at("error") == "slow_down");  // 10 s are asked for now, and 15 from here
  server.now += 15;
  CHECK(server.poll(begun).at("error") == "authorization_pending");
  server.now += 14;
  CHECK(server.poll(begun).at("error") == "slow_down");
  const auto other = server.begin();
  CHECK(server.poll(other).at("error") == "authorization_pending");
  server.now += 5;
  CHECK(server.poll(other).at("error") == "authorization_pending");
}

TEST_CASE("a denied request gives access_denied, and an expired one expired_token") {
  DeviceFixture server;
  const auto denied = server.begin();
  const auto late = server.begin();
  const auto approved_late = server.begin();
  CHECK(server.decide(denied, false) == DeviceDecision::denied);
  CHECK(server.decide(approved_late, true) == DeviceDecision::approved);
  CHECK(server.poll(denied).at("error") == "access_denied");
  CHECK(server.poll(denied).at("error") == "access_denied");
  server.now += 600;
  CHECK(server.poll(late).at("error") == "expired_token");
  CHECK(server.poll(approved_late).at("error") == "expired_token");
  CHECK(server.decide(late, true) == DeviceDecision::refused);
}

TEST_CASE("a device code is bound to its client") {
  DeviceFixture server;
  const auto begun = server.begin();
  server.decide(begun, true);
  CHECK(server.poll(begun, "other").at("error") == "invalid_grant");
  CHECK(server.poll(begun).contains("access_token"));
  CHECK(server.poll({{"device_code", "x"}}).at("error") == "invalid_grant");
  CHECK(
      server.poll({{"device_code", crypto::make_token_string(crypto::TokenKind::device_code)}}).at("error") ==
      "invalid_grant");
  CHECK(server.poll({{"device_code", ""}}).at("error") == "invalid_request");
}

TEST_CASE("a request is decided once, and its first decision is answered to all") {
  DeviceFixture server;
  const auto begun = server.begin();
  CHECK(server.decide(begun, false) == DeviceDecision::denied);
  CHECK(server.decide(begun, true) == DeviceDecision::denied);
  CHECK_FALSE(server.look(begun.at("user_code")));
  CHECK(server.poll(begun).at("error") == "access_denied");
  CHECK_FALSE(server.consent().has_value());
  CHECK(server.audit() == std::vector<std::string>{"device.deny user:u1"});
}

TEST_CASE("an approval is remembered and recorded, of a public client without its scope") {
  DeviceFixture server;
  const auto begun = server.begin("client_id=spa&scope=read");
  CHECK(server.decide(begun, true) == DeviceDecision::approved);
  CHECK(server.decide(begun, true) == DeviceDecision::approved);
  CHECK(server.decide(begun, false) == DeviceDecision::approved);
  REQUIRE(server.consent());
  CHECK(server.consent()->scope == "");
  CHECK(server.audit() == std::vector<std::string>{"device.approve user:u1"});
}

TEST_CASE("a client or a user who is disabled meanwhile stops a request at every step") {
  DeviceFixture server;
  const auto begun = server.begin();
  const auto set_client = [&](std::optional<std::int64_t> at) {
    server.change_client("spa", [&](store::Client& client) { client.disabled_at = at; });
  };
  const auto set_user = [&](std::optional<std::int64_t> at) {
    server.change_user([&](store::User& user) { user.disabled_at = at; });
  };
  set_client(1);
  CHECK_FALSE(server.look(begun.at("user_code")));
  CHECK(server.decide(begun, true) == DeviceDecision::refused);
  CHECK(server.poll(begun).at("error") == "invalid_client");
  set_client(std::nullopt);
  set_user(1);
  CHECK(server.decide(begun, true) == DeviceDecision::refused);
  set_user(std::nullopt);
  CHECK(server.decide(begun, true) == DeviceDecision::approved);
  set_user(1);
  CHECK(server.poll(begun).at("reason") == "the user is disabled");
  set_user(std::nullopt);
  CHECK(server.poll(begun).contains("access_token"));
}

TEST_CASE("a scope that the client lost meanwhile is neither asked about nor given") {
  DeviceFixture server;
  const auto both = server.begin("client_id=spa&scope=read+write");
  const auto only = server.begin("client_id=spa&scope=write");
  server.write([](db::Connection& connection) { store::delete_scope(connection, "write"); });
  CHECK(server.look(both.at("user_code"))->scope == std::vector<std::string>{"read"});
  CHECK_FALSE(server.look(only.at("user_code")));
  CHECK(server.decide(only, true) == DeviceDecision::refused);
  server.decide(both, true);
  CHECK(server.poll(both).at("scope") == "read");
}
