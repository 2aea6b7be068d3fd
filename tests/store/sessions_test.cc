// What every driver must give the store alike. Real databases, no mocks.
#include "core/store/sessions.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "core/store/users.h"
#include "tests/support.h"

using namespace oauth2;

namespace {

store::Session session(const std::string& id, const std::optional<std::string>& user_id = "u1") {
  store::Session made;
  made.id = id;
  made.session_hash = "hash-" + id;
  made.user_id = user_id;
  made.created_at = made.last_seen_at = 100;
  made.expires_at = 1000;
  return made;
}

// With alice (u1) and bob (u2).
struct Populated : TestDatabase {
  Populated() {
    (**this).write([](db::Connection& connection) {
      for (const auto& [id, name] : {std::pair("u1", "alice"), std::pair("u2", "bob")}) {
        store::User user;
        user.id = id;
        user.username = name;
        store::insert_user(connection, user);
      }
    });
  }
};

std::vector<std::string> ids(const std::vector<store::Session>& sessions) {
  std::vector<std::string> out;
  for (const auto& session : sessions) out.push_back(session.id);
  return out;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a session comes back as it went in, by its id and by the hash of its cookie") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::Session made = session("s1");
    made.remember = true;
    made.address = "192.0.2.1";
    made.user_agent = "Browser/1";
    store::insert_session(connection, made);
    store::insert_session(connection, session("s2", std::nullopt));
    const auto found = store::find_session_by_hash(connection, "hash-s1");
    REQUIRE(found);
    CHECK(found->id == "s1");
    CHECK(found->user_id == "u1");
    CHECK(found->username == "alice");
    CHECK(found->remember);
    CHECK(found->address == "192.0.2.1");
    CHECK(found->user_agent == "Browser/1");
    CHECK(found->created_at == 100);
    CHECK(found->expires_at == 1000);
    CHECK_FALSE(found->revoked_at.has_value());
    const auto nobodys = store::find_session(connection, "s2");
    REQUIRE(nobodys);
    CHECK_FALSE(nobodys->user_id.has_value());
    CHECK_FALSE(nobodys->username.has_value());
    CHECK_FALSE(nobodys->user_agent.has_value());
    CHECK(nobodys->is_active(200));
    CHECK_FALSE(store::find_session_by_hash(connection, "s1").has_value());
    CHECK(ids(store::list_sessions_by_id_prefix(connection, "s")) == Ids{"s1", "s2"});
  });
  store::Session same = session("s3");
  same.session_hash = "hash-s1";
  CHECK_THROWS_AS(
      database->write([&](db::Connection& connection) { store::insert_session(connection, same); }),
      db::Conflict);
}

TEST_CASE("a session is active up to the second before it expires, not revoked, its user not disabled") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_session(connection, session("s1"));
    const auto active = [&](std::int64_t now) {
      return store::find_session(connection, "s1")->is_active(now);
    };
    CHECK(active(999));
    CHECK_FALSE(active(1000));
    store::User alice = *store::find_user(connection, "u1");
    alice.disabled_at = 150;
    store::update_user(connection, alice);
    CHECK_FALSE(active(200));
    alice.disabled_at.reset();
    store::update_user(connection, alice);
    CHECK(active(200));
    CHECK(store::revoke_session(connection, "s1", 300) == 1);
    CHECK(store::revoke_session(connection, "s1", 400) == 0);
    CHECK(store::find_session(connection, "s1")->revoked_at == 300);
    CHECK_FALSE(active(200));
  });
}

TEST_CASE("sessions are listed newest first, by user, and by what is active or can be revoked") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::Session late = session("s2");
    late.created_at = 200;
    store::insert_session(connection, session("s1"));
    store::insert_session(connection, late);
    store::insert_session(connection, session("s3", "u2"));
    store::insert_session(connection, session("s4", std::nullopt));
    CHECK(ids(store::list_sessions(connection, {})) == Ids{"s2", "s1", "s3", "s4"});
    store::SessionFilter filter;
    filter.signed_in = true;
    CHECK(ids(store::list_sessions(connection, filter)) == Ids{"s2", "s1", "s3"});
    filter.user_id = "u1";
    store::revoke_session(connection, "s1", 300);
    CHECK(ids(store::list_sessions(connection, filter)) == Ids{"s2", "s1"});
    filter.active_at = 400;
    CHECK(ids(store::list_sessions(connection, filter)) == Ids{"s2"});
    filter.active_at = 1000;
    CHECK(store::list_sessions(connection, filter).empty());

    store::User bob = *store::find_user(connection, "u2");
    bob.disabled_at = 150;
    store::update_user(connection, bob);
    filter.user_id = "u2";
    filter.active_at = 400;
    CHECK(store::list_sessions(connection, filter).empty());
    filter.active_at.reset();
    filter.revocable_at = 400;
    CHECK(ids(store::list_sessions(connection, filter)) == Ids{"s3"});
  });
}

TEST_CASE("that a session was seen is noted once a minute, and never after it was revoked") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_session(connection, session("s1"));
    const auto seen = [&] { return store::find_session(connection, "s1")->last_seen_at; };
    store::touch_session(connection, "s1", 159, 1000);
    CHECK(seen() == 100);
    store::touch_session(connection, "s1", 160, 1000);
    CHECK(seen() == 160);
    store::touch_session(connection, "s1", 90, 1000);
    CHECK(seen() == 160);
    store::revoke_session(connection, "s1", 200);
    store::touch_session(connection, "s1", 500, 1000);
    CHECK(seen() == 160);
  });
}

TEST_CASE("all sessions of a user are revoked, but for one that is to stay, and nobody else's") {
  Populated database;
  database->write([](db::Connection& connection) {
    for (const char* id : {"s1", "s2", "s3"}) store::insert_session(connection, session(id));
    store::insert_session(connection, session("other", "u2"));
    store::insert_session(connection, session("nobodys", std::nullopt));
    CHECK(store::revoke_user_sessions(connection, "u1", 200, "s2") == 2);
    CHECK_FALSE(store::find_session(connection, "s2")->revoked_at.has_value());
    CHECK(store::revoke_user_sessions(connection, "u1", 300) == 1);
    CHECK(store::find_session(connection, "s1")->revoked_at == 200);
    CHECK(store::find_session(connection, "s2")->revoked_at == 300);
    CHECK(store::revoke_user_sessions(connection, "u1", 400) == 0);
    for (const char* id : {"other", "nobodys"}) CHECK(store::find_session(connection, id)->is_active(500));
  });
}

TEST_CASE("of 8 connections that revoke one session, one is told that it did") {
  Populated database;
  database->write([](db::Connection& connection) { store::insert_session(connection, session("s1")); });
  std::atomic<std::int64_t> revoked{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      db::Database own(database.url(), patient());
      revoked +=
          own.write([](db::Connection& connection) { return store::revoke_session(connection, "s1", 200); });
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(revoked == 1);
}

TEST_CASE("pruning takes sessions that expired before the date, in batches, and no other") {
  Populated database;
  database->write([](db::Connection& connection) {
    for (int i = 0; i < 5; ++i) {
      store::Session made = session("dead" + std::to_string(i));
      made.expires_at = 500;
      store::insert_session(connection, made);
    }
    store::insert_session(connection, session("alive"));
    CHECK(store::count_expired_sessions(connection, 500) == 0);
    CHECK(store::count_expired_sessions(connection, 501) == 5);
    CHECK(store::delete_expired_sessions(connection, 501, 3) == 3);
    CHECK(store::delete_expired_sessions(connection, 501, 3) == 2);
    CHECK(ids(store::list_sessions(connection, {})) == Ids{"alive"});
  });
}
