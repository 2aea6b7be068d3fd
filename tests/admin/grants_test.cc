#include "core/admin/grants.h"

#include <doctest/doctest.h>

#include "core/admin/error.h"
#include "core/admin/maintenance.h"
#include "core/store/clients.h"
#include "core/store/codes.h"
#include "core/store/device_codes.h"
#include "core/store/tokens.h"
#include "core/store/users.h"
#include "tests/admin/fixture.h"

using namespace oauth2;

namespace {

struct Fixture : AdminFixture {
  Fixture() {
    database->write([](db::Connection& connection) {
      for (const char* name : {"alice", "bob"}) {
        store::User user;
        user.id = user.username = name;
        store::insert_user(connection, user);
      }
      for (const char* name : {"wiki", "mail"}) {
        store::Client client;
        client.id = client.name = name;
        client.token_endpoint_auth_method = "client_secret_basic";
        store::insert_client(connection, client);
      }
    });
  }

  // A consent with an access token, a refresh token, a code and a device's: ids are USER-CLIENT-KIND.
  void allow(const std::string& id, const std::string& user, const std::string& client) {
    database->write([&](db::Connection& connection) {
      store::Consent consent;
      consent.id = id;
      consent.user_id = user;
      consent.client_id = client;
      consent.scope = "read";
      consent.created_at = consent.updated_at = context.now;
      store::insert_or_widen_consent(connection, consent);
      for (const char* kind : {"access", "refresh"}) {
        store::Token token;
        token.id = token.token_hash = user + "-" + client + "-" + kind;
        token.kind = kind;
        token.user_id = user;
        token.client_id = client;
        if (!store::find_token(connection, token.id)) store::insert_token(connection, token);
      }
      store::AuthorizationCode code;
      code.code_hash = user + "-" + client + "-code";
      code.user_id = user;
      code.client_id = client;
      code.family_id = "f";
      code.expires_at = context.now + 60;
      store::insert_authorization_code(connection, code);
      store::DeviceCode device;
      device.device_code_hash = device.user_code = user + "-" + client + "-device";
      device.client_id = client;
      device.expires_at = context.now + 600;
      store::insert_device_code(connection, device);
      store::approve_device_code(connection, device.device_code_hash, user, context.now);
    });
  }

  bool gives_nothing(const std::string& user, const std::string& client) {
    return database->read([&](db::Connection& connection) {
      const std::string pair = user + "-" + client;
      return !store::find_consent_of(connection, user, client) &&
             !store::find_authorization_code(connection, pair + "-code") &&
             !store::find_device_code(connection, pair + "-device") &&
             store::find_token(connection, pair + "-access")->revoked_at &&
             store::find_token(connection, pair + "-refresh")->revoked_at;
    });
  }

  bool is_whole(const std::string& user, const std::string& client) {
    return database->read([&](db::Connection& connection) {
      const std::string pair = user + "-" + client;
      return store::find_consent_of(connection, user, client) &&
             store::find_authorization_code(connection, pair + "-code") &&
             store::find_device_code(connection, pair + "-device") &&
             !store::find_token(connection, pair + "-access")->revoked_at &&
             !store::find_token(connection, pair + "-refresh")->revoked_at;
    });
  }

  std::vector<std::string> revocations() {
    std::vector<std::string> objects;
    for (const auto& entry : admin::list_audit(context, {})) {
      if (entry.action == "grant.revoke") objects.push_back(entry.object);
    }
    return objects;
  }
};

}  // namespace

TEST_CASE("revoking a grant takes the consent, its tokens and its waiting codes, and no other's") {
  Fixture f;
  f.allow("grant-1", "alice", "wiki");
  f.allow("grant-2", "alice", "mail");
  f.allow("grant-3", "bob", "wiki");
  CHECK(admin::require_grant(f.context, "grant-1").live_tokens == 2);
  const auto result = admin::revoke_grant(f.context, "grant-1");
  CHECK(result.changed);
  REQUIRE(result.grant);
  CHECK(result.grant->username == "alice");
  CHECK(f.gives_nothing("alice", "wiki"));
  CHECK(f.is_whole("alice", "mail"));
  CHECK(f.is_whole("bob", "wiki"));
  CHECK(f.revocations() == std::vector<std::string>{"grant:grant-1"});
}

TEST_CASE("revoking a grant again changes nothing, and one that never was is not found") {
  Fixture f;
  f.allow("grant-1", "alice", "wiki");
  CHECK(admin::revoke_grant(f.context, "grant-1").changed);
  const auto again = admin::revoke_grant(f.context, "grant-1");
  CHECK_FALSE(again.changed);
  CHECK(again.id == "grant-1");
  CHECK_FALSE(again.grant.has_value());
  CHECK(f.revocations().size() == 1);
  CHECK_THROWS_AS(admin::revoke_grant(f.context, "grant-9"), admin::NotFound);
  CHECK_THROWS_AS(admin::require_grant(f.context, "grant-1"), admin::NotFound);
}

TEST_CASE("a grant that was given again is another, and the old id does not reach it") {
  Fixture f;
  f.allow("grant-1", "alice", "wiki");
  admin::revoke_grant(f.context, "grant-1");
  f.allow("grant-2", "alice", "wiki");
  CHECK_FALSE(admin::revoke_grant(f.context, "grant-1").changed);
  CHECK(admin::require_grant(f.context, "grant-2").scope == "read");
}

TEST_CASE("a grant is known by the first 6 characters of its id, if no other begins so") {
  Fixture f;
  f.allow("grant-1", "alice", "wiki");
  f.allow("grant-2", "alice", "mail");
  f.allow("other-3", "bob", "mail");
  CHECK(admin::require_grant(f.context, "other-").id == "other-3");
  CHECK_THROWS_AS(admin::require_grant(f.context, "other"), admin::NotFound);
  CHECK_THROWS_AS(admin::require_grant(f.context, "grant-"), admin::Ambiguous);
  CHECK_THROWS_AS(admin::revoke_grant(f.context, "grant-"), admin::Ambiguous);
  CHECK(f.is_whole("alice", "wiki"));
}

TEST_CASE("grants are revoked by user, by client, or where both fit") {
  Fixture f;
  f.allow("grant-1", "alice", "wiki");
  f.allow("grant-2", "alice", "mail");
  f.allow("grant-3", "bob", "wiki");
  f.allow("grant-4", "bob", "mail");
  CHECK(admin::count_grants(f.context, {"alice", "wiki"}) == 1);
  CHECK(admin::revoke_grants(f.context, {"alice", "wiki"}).size() == 1);
  CHECK(admin::revoke_grants(f.context, {"alice", std::nullopt}).size() == 1);
  CHECK(admin::revoke_grants(f.context, {"alice", std::nullopt}).empty());
  CHECK(f.is_whole("bob", "wiki"));
  CHECK(admin::revoke_grants(f.context, {std::nullopt, "mail"}).size() == 1);
  CHECK(f.gives_nothing("bob", "mail"));
  CHECK(f.is_whole("bob", "wiki"));
  CHECK(f.revocations().size() == 3);
  CHECK_THROWS_AS(admin::revoke_grants(f.context, {"carol", std::nullopt}), admin::NotFound);
}

TEST_CASE("revoking a hundred grants takes several transactions and misses none") {
  Fixture f;
  f.database->write([&](db::Connection& connection) {
    for (int i = 0; i < 103; ++i) {
      store::User user;
      user.id = user.username = "user" + std::to_string(i);
      store::insert_user(connection, user);
    }
  });
  for (int i = 0; i < 103; ++i) f.allow("grant" + std::to_string(i), "user" + std::to_string(i), "wiki");
  CHECK(admin::revoke_grants(f.context, {std::nullopt, "wiki"}).size() == 103);
  CHECK(admin::list_grants(f.context, {}).empty());
  CHECK(f.gives_nothing("user102", "wiki"));
  CHECK(f.revocations().size() == 103);
}

TEST_CASE("a dry run of revoking grants answers them and changes nothing") {
  Fixture f;
  f.allow("grant-1", "alice", "wiki");
  db::Options options;
  options.dry_run = true;
  db::Database dry(f.database.url(), options);
  const admin::Context context{dry, f.settings, f.context.now, "os:me", {}, {}, {}};
  CHECK(admin::revoke_grants(context, {"alice", std::nullopt}).size() == 1);
  CHECK(admin::revoke_grant(context, "grant-1").changed);
  CHECK(f.is_whole("alice", "wiki"));
  CHECK(f.revocations().empty());
}
