#include "core/admin/sessions.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/admin/error.h"
#include "core/admin/maintenance.h"
#include "core/admin/users.h"
#include "tests/admin/fixture.h"

using namespace oauth2;
using admin::IfExists;

namespace {

struct Fixture : AdminFixture {
  std::string alice;

  Fixture() {
    admin::UserFields fields;
    fields.username = "alice";
    alice = admin::create_user(context, fields, IfExists::refuse).user.id;
  }

  void insert(const std::string& id, std::optional<std::string> user_id, std::int64_t expires_at = 5000) {
    store::Session session;
    session.id = id;
    session.session_hash = "hash-" + id;
    session.user_id = std::move(user_id);
    session.created_at = session.last_seen_at = context.now;
    session.expires_at = expires_at;
    database->write([&](db::Connection& connection) { store::insert_session(connection, session); });
  }

  bool active(const std::string& id) {
    return database->read([&](db::Connection& connection) {
      return store::find_session(connection, id)->is_active(context.now);
    });
  }

  std::size_t audited(const std::string& action) {
    std::size_t count = 0;
    for (const auto& entry : admin::list_audit(context, {})) count += entry.action == action ? 1 : 0;
    return count;
  }
};

}  // namespace

TEST_CASE("sessions end when their user is disabled, and do not come back with the user") {
  Fixture f;
  f.insert("session-1", f.alice);
  f.insert("session-2", std::nullopt);
  CHECK(admin::disable_user(f.context, "alice").changed);
  CHECK_FALSE(f.active("session-1"));
  CHECK(f.active("session-2"));
  CHECK(admin::enable_user(f.context, "alice").changed);
  CHECK_FALSE(f.active("session-1"));
  CHECK(f.audited("user.disable") == 1);
  CHECK(f.audited("session.revoke") == 0);
}

TEST_CASE("a session that a sign-in made just after the user was disabled does not revive either") {
  Fixture f;
  admin::disable_user(f.context, "alice");
  f.insert("session-1", f.alice);
  CHECK_FALSE(f.active("session-1"));
  admin::enable_user(f.context, "alice");
  CHECK_FALSE(f.active("session-1"));
}

TEST_CASE("enabling a user who is enabled leaves the sessions alone") {
  Fixture f;
  f.insert("session-1", f.alice);
  CHECK_FALSE(admin::enable_user(f.context, "alice").changed);
  CHECK(f.active("session-1"));
}

TEST_CASE("a session is revoked by its id or the start of it, with one row in the audit log") {
  Fixture f;
  f.insert("session-1", f.alice);
  f.insert("session-2", f.alice);
  f.insert("another", f.alice);
  CHECK_THROWS_AS(admin::revoke_session(f.context, "anoth"), admin::NotFound);
  CHECK_THROWS_AS(admin::revoke_session(f.context, "session"), admin::Ambiguous);
  CHECK_THROWS_AS(admin::revoke_session(f.context, "no-such"), admin::NotFound);
  CHECK(admin::revoke_session(f.context, "anothe").changed);
  const auto again = admin::revoke_session(f.context, "another");
  CHECK_FALSE(again.changed);
  CHECK(again.session.revoked_at == 1000);
  CHECK(f.audited("session.revoke") == 1);
  CHECK(f.active("session-1"));
}

TEST_CASE("revoking a user's sessions reaches those of a disabled user, and passes over what has ended") {
  Fixture f;
  f.insert("expired", f.alice, 900);
  f.insert("nobodys", std::nullopt);
  admin::disable_user(f.context, "alice");
  f.insert("session-1", f.alice);
  CHECK(admin::list_sessions(f.context, {"alice", false}).empty());
  CHECK(admin::list_sessions(f.context, {"alice", true}).size() == 2);
  CHECK(admin::count_user_sessions(f.context, "alice") == 1);
  const auto revoked = admin::revoke_user_sessions(f.context, "alice");
  REQUIRE(revoked.size() == 1);
  CHECK(revoked.front().id == "session-1");
  CHECK(revoked.front().revoked_at == 1000);
  CHECK(admin::revoke_user_sessions(f.context, "alice").empty());
  CHECK(f.active("nobodys"));
  CHECK_THROWS_AS(admin::revoke_user_sessions(f.context, "bob"), admin::NotFound);
}

TEST_CASE("sessions before sign-in are listed only among all") {
  Fixture f;
  f.insert("nobodys", std::nullopt);
  f.insert("session-1", f.alice);
  CHECK(admin::list_sessions(f.context, {}).size() == 1);
  CHECK(admin::list_sessions(f.context, {std::nullopt, true}).size() == 2);
}

TEST_CASE("prune deletes sessions that expired long ago") {
  Fixture f;
  f.insert("expired", f.alice, 900);
  f.insert("session-1", f.alice);
  const auto counts = admin::prune(f.context, 50);
  CHECK(std::find(counts.begin(), counts.end(), std::pair<std::string, std::int64_t>("sessions", 1)) !=
        counts.end());
  CHECK(admin::list_sessions(f.context, {std::nullopt, true}).size() == 1);
}
