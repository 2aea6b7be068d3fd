// What every driver must give the store alike. Real databases, no mocks.
#include "core/store/authorization_requests.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "core/store/clients.h"
#include "core/store/sessions.h"
#include "core/store/users.h"
#include "tests/support.h"

using namespace oauth2;

namespace {

// With the client c1 and alice (u1) in the session s1.
struct Populated : TestDatabase {
  Populated() {
    (**this).write([](db::Connection& connection) {
      store::User user;
      user.id = "u1";
      user.username = "alice";
      store::insert_user(connection, user);
      store::Client client;
      client.id = client.name = "c1";
      client.token_endpoint_auth_method = "none";
      store::insert_client(connection, client);
      store::Session session;
      session.id = "s1";
      session.session_hash = "hash-s1";
      session.user_id = "u1";
      session.expires_at = 5000;
      store::insert_session(connection, session);
    });
  }
};

store::AuthorizationRequest request(const std::string& hash, std::int64_t expires_at = 1000) {
  store::AuthorizationRequest made;
  made.request_hash = hash;
  made.client_id = "c1";
  made.parameters = "client_id=c1&state=%C3%A9";
  made.created_at = 100;
  made.expires_at = expires_at;
  return made;
}

bool is_there(db::Connection& connection, const std::string& hash) {
  return store::find_authorization_request(connection, hash).has_value();
}

}  // namespace

TEST_CASE("an authorization request comes back as it went in, by the hash of its name") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::AuthorizationRequest full = request("r1");
    full.session_id = "s1";
    full.pushed = true;
    full.source_hash = "r0";
    store::insert_authorization_request(connection, full);
    store::insert_authorization_request(connection, request("r2"));
    const auto found = store::find_authorization_request(connection, "r1");
    REQUIRE(found);
    CHECK(found->request_hash == "r1");
    CHECK(found->client_id == "c1");
    CHECK(found->session_id == "s1");
    CHECK(found->parameters == "client_id=c1&state=%C3%A9");
    CHECK(found->pushed);
    CHECK(found->source_hash == "r0");
    CHECK(found->created_at == 100);
    CHECK(found->expires_at == 1000);
    CHECK_FALSE(found->used_at.has_value());
    const auto bare = store::find_authorization_request(connection, "r2");
    REQUIRE(bare);
    CHECK_FALSE(bare->session_id.has_value());
    CHECK_FALSE(bare->source_hash.has_value());
    CHECK_FALSE(bare->pushed);
    CHECK_FALSE(is_there(connection, "r"));
    CHECK_FALSE(is_there(connection, "R1"));
    CHECK_FALSE(is_there(connection, ""));
  });
}

TEST_CASE("a name that is taken is a conflict") {
  Populated database;
  const auto insert = [&] {
    database->write(
        [](db::Connection& connection) { store::insert_authorization_request(connection, request("r1")); });
  };
  insert();
  CHECK_THROWS_AS(insert(), db::Conflict);
}

TEST_CASE("an authorization request is used once, and it stays to say so") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_authorization_request(connection, request("r1"));
    CHECK(store::use_authorization_request(connection, "r1", 200));
    CHECK_FALSE(store::use_authorization_request(connection, "r1", 300));
    CHECK(store::find_authorization_request(connection, "r1")->used_at == 200);
    CHECK_FALSE(store::use_authorization_request(connection, "unknown", 200));
  });
}

TEST_CASE("of many who use an authorization request at once one is told that it won") {
  Populated database;
  database->write(
      [](db::Connection& connection) { store::insert_authorization_request(connection, request("r1")); });
  std::atomic<int> won{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      won += database->write(
          [](db::Connection& connection) { return store::use_authorization_request(connection, "r1", 200); });
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(won == 1);
}

TEST_CASE("authorization requests that expired before a time are counted and deleted, so many at once") {
  Populated database;
  database->write([](db::Connection& connection) {
    for (int i = 0; i < 5; ++i)
      store::insert_authorization_request(connection, request("old" + std::to_string(i), 900));
    store::insert_authorization_request(connection, request("edge", 1000));
    store::insert_authorization_request(connection, request("new", 1001));
    CHECK(store::count_expired_authorization_requests(connection, 1000) == 5);
    CHECK(store::delete_expired_authorization_requests(connection, 1000, 3) == 3);
    CHECK(store::delete_expired_authorization_requests(connection, 1000, 3) == 2);
    CHECK(store::delete_expired_authorization_requests(connection, 1000, 3) == 0);
    CHECK(is_there(connection, "edge"));
    CHECK(is_there(connection, "new"));
  });
}

TEST_CASE("an authorization request goes with its client") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_authorization_request(connection, request("r1"));
    store::delete_client(connection, "c1");
    CHECK_FALSE(is_there(connection, "r1"));
  });
}
