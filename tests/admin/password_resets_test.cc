#include "core/admin/password_resets.h"

#include <doctest/doctest.h>

#include "core/admin/error.h"
#include "core/admin/maintenance.h"
#include "core/admin/users.h"
#include "core/crypto/password.h"
#include "core/store/clients.h"
#include "core/store/codes.h"
#include "core/store/device_codes.h"
#include "core/store/sessions.h"
#include "core/store/tokens.h"
#include "tests/admin/fixture.h"

using namespace oauth2;

namespace {

const std::string old_hash = crypto::nobodys_password_hash();

std::function<std::string()> hash_of(const std::string& password) {
  return [password] { return admin::hash_of_password(password); };
}

// Alice and Bob, each with two sessions, tokens of each kind, and codes that wait to be redeemed.
struct Fixture : AdminFixture {
  Fixture() {
    database->write([&](db::Connection& connection) {
      store::Client client;
      client.id = client.name = "wiki";
      client.token_endpoint_auth_method = "none";
      store::insert_client(connection, client);
      for (const std::string name : {"alice", "bob"}) populate(connection, name);
    });
  }

  void populate(db::Connection& connection, const std::string& name) {
    store::User user;
    user.id = user.username = name;
    user.password_hash = old_hash;
    store::insert_user(connection, user);
    for (const char* id : {"-1", "-2"}) {
      store::Session session;
      session.id = session.session_hash = name + id;
      session.user_id = name;
      session.expires_at = 5000;
      store::insert_session(connection, session);
    }
    for (const char* kind : {"access", "refresh", "personal"}) {
      store::Token token;
      token.id = token.token_hash = name + "-" + kind;
      token.name = kind;
      token.kind = kind;
      token.user_id = name;
      if (token.kind != "personal") token.client_id = "wiki";
      store::insert_token(connection, token);
    }
    store::AuthorizationCode code;
    code.code_hash = name + "-code";
    code.user_id = name;
    code.client_id = "wiki";
    code.family_id = "f";
    code.expires_at = 1060;
    store::insert_authorization_code(connection, code);
    store::DeviceCode device;
    device.device_code_hash = device.user_code = name + "-device";
    device.client_id = "wiki";
    device.expires_at = 1600;
    store::insert_device_code(connection, device);
    store::approve_device_code(connection, device.device_code_hash, name, context.now);
  }

  bool in_session(const std::string& id) {
    return database->read([&](db::Connection& connection) {
      return store::find_session(connection, id)->is_active(context.now);
    });
  }
  bool active(const std::string& token) {
    return database->read([&](db::Connection& connection) {
      return store::find_token(connection, token)->is_active(context.now);
    });
  }
  // Nothing that the old password opened is open any more, and the rest is.
  bool is_out(const std::string& name) {
    const bool codes = database->read([&](db::Connection& connection) {
      return store::find_authorization_code(connection, name + "-code") ||
             store::find_device_code(connection, name + "-device");
    });
    CHECK(active(name + "-access"));
    CHECK(active(name + "-personal"));
    return !codes && !active(name + "-refresh") && !in_session(name + "-1") && !in_session(name + "-2");
  }
  bool is_in(const std::string& name) {
    const bool codes = database->read([&](db::Connection& connection) {
      return store::find_authorization_code(connection, name + "-code") &&
             store::find_device_code(connection, name + "-device");
    });
    return codes && active(name + "-refresh") && in_session(name + "-1") && in_session(name + "-2");
  }
  bool has_password(const std::string& name, const std::string& password) {
    const auto user = admin::require_user(context, name);
    return user.password_hash && *user.password_hash != old_hash &&
           crypto::verify_password(password, *user.password_hash);
  }
  std::string link_of(const std::string& name, std::int64_t expires_in = 3600) {
    const std::string url = admin::create_reset_link(context, name, expires_in).url;
    return url.substr(url.find('=') + 1);
  }
  std::vector<std::string> audit() {
    std::vector<std::string> rows;
    for (const auto& entry : admin::list_audit(context, {}))
      rows.push_back(entry.action + " " + entry.object + " by " + entry.actor);
    return rows;
  }
};

constexpr const char* fresh = "a fresh password";

}  // namespace

TEST_CASE("a password change ends the user's sessions, refresh tokens and waiting codes, and no other's") {
  Fixture f;
  CHECK(admin::set_password(f.context, "alice", fresh).changed);
  CHECK(f.is_out("alice"));
  CHECK(f.is_in("bob"));
  CHECK(f.has_password("alice", fresh));
}

TEST_CASE("a password change keeps the one session that it is made in") {
  Fixture f;
  admin::set_password(f.context, "alice", fresh, "alice-2");
  CHECK_FALSE(f.in_session("alice-1"));
  CHECK(f.in_session("alice-2"));
  CHECK_FALSE(f.active("alice-refresh"));
}

TEST_CASE("updating a user ends what the password opened only when the password changes") {
  Fixture f;
  admin::UserFields fields;
  fields.name = "Alice";
  admin::update_user(f.context, "alice", fields);
  CHECK(f.is_in("alice"));
  fields.password = fresh;
  admin::update_user(f.context, "alice", fields);
  CHECK(f.is_out("alice"));
  fields.username = "bob";
  CHECK(admin::create_user(f.context, fields, admin::IfExists::update).changed);
  CHECK(f.is_out("bob"));
}

TEST_CASE("an upsert with the password that is there changes nothing and ends no session") {
  Fixture f;
  f.database->write([](db::Connection& connection) {
    store::User user = *store::find_user(connection, "alice");
    user.password_hash = crypto::hash_password(fresh);
    store::update_user(connection, user);
  });
  admin::UserFields fields;
  fields.username = "alice";
  fields.password = fresh;
  CHECK_FALSE(admin::create_user(f.context, fields, admin::IfExists::update).changed);
  CHECK(f.is_in("alice"));
}

TEST_CASE("a refused password changes nothing") {
  Fixture f;
  CHECK_THROWS_AS(admin::set_password(f.context, "alice", "short"), admin::Refused);
  CHECK(f.is_in("alice"));
}

TEST_CASE("a reset link sets the password once, and ends what the old one opened") {
  Fixture f;
  const std::string token = f.link_of("alice");
  CHECK(token.size() == 43);
  CHECK(admin::find_reset(f.context, token)->id == "alice");
  CHECK(f.is_in("alice"));
  CHECK(admin::use_reset_link(f.context, token, hash_of(fresh))->id == "alice");
  CHECK(f.has_password("alice", fresh));
  CHECK(f.is_out("alice"));
  CHECK(f.is_in("bob"));
  CHECK_FALSE(admin::find_reset(f.context, token).has_value());
  CHECK_FALSE(admin::use_reset_link(f.context, token, hash_of("yet another one")).has_value());
  CHECK(f.has_password("alice", fresh));
  CHECK(f.audit() == std::vector<std::string>{"user.reset_link user:alice by os:me",
                                              "user.reset_password user:alice by user:alice"});
}

TEST_CASE("a reset link is known by its hash alone and lies under the issuer") {
  Fixture f;
  f.settings.issuer = "https://auth.example";
  const auto link = admin::create_reset_link(f.context, "alice", 3600);
  CHECK(link.url.starts_with("https://auth.example/reset?token="));
  CHECK(link.expires_at == 4600);
  CHECK(link.user.id == "alice");
  CHECK_FALSE(admin::find_reset(f.context, "").has_value());
  CHECK_FALSE(admin::find_reset(f.context, link.url).has_value());
}

TEST_CASE("a new reset link withdraws the ones before it, and so does another change of the password") {
  Fixture f;
  const std::string first = f.link_of("alice");
  const std::string of_bob = f.link_of("bob");
  const std::string second = f.link_of("alice");
  CHECK_FALSE(admin::find_reset(f.context, first).has_value());
  CHECK_FALSE(admin::use_reset_link(f.context, first, hash_of(fresh)).has_value());
  CHECK(admin::find_reset(f.context, second).has_value());
  admin::set_password(f.context, "alice", fresh);
  CHECK_FALSE(admin::find_reset(f.context, second).has_value());
  CHECK(admin::find_reset(f.context, of_bob).has_value());
}

TEST_CASE("a reset link that has expired, or whose user is disabled, does nothing") {
  Fixture f;
  const std::string token = f.link_of("alice", 60);
  f.context.now += 59;
  CHECK(admin::find_reset(f.context, token).has_value());
  f.context.now += 1;
  CHECK_FALSE(admin::find_reset(f.context, token).has_value());
  CHECK_FALSE(admin::use_reset_link(f.context, token, hash_of(fresh)).has_value());
  const std::string of_bob = f.link_of("bob");
  admin::disable_user(f.context, "bob");
  CHECK_FALSE(admin::use_reset_link(f.context, of_bob, hash_of(fresh)).has_value());
  CHECK_FALSE(f.has_password("bob", fresh));
  admin::enable_user(f.context, "bob");
  CHECK(admin::use_reset_link(f.context, of_bob, hash_of(fresh)).has_value());
}

TEST_CASE("a refused password leaves the reset link for another try") {
  Fixture f;
  const std::string token = f.link_of("alice");
  CHECK_THROWS_AS(admin::use_reset_link(f.context, token, hash_of("password")), admin::Refused);
  CHECK(f.is_in("alice"));
  CHECK(admin::use_reset_link(f.context, token, hash_of(fresh)).has_value());
}
