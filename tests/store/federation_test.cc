// What every driver must give the store alike. Real databases, no mocks.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "core/store/providers.h"
#include "core/store/remote_accounts.h"
#include "core/store/signups.h"
#include "core/store/used_states.h"
#include "core/store/users.h"
#include "tests/support.h"

using namespace oauth2;

namespace {

store::Provider provider(const std::string& name) {
  store::Provider made;
  made.name = name;
  made.preset = "github";
  made.client_id = "id";
  made.secret_sealed = "sealed";
  made.created_at = made.updated_at = 100;
  return made;
}

store::RemoteAccount account(const std::string& id, const std::string& at, const std::string& subject,
                             const std::string& user_id) {
  store::RemoteAccount made;
  made.id = id;
  made.provider = at;
  made.subject = subject;
  made.user_id = user_id;
  made.created_at = 100;
  return made;
}

store::Signup signup(const std::string& hash, std::int64_t expires_at) {
  store::Signup made;
  made.signup_hash = hash;
  made.session_name = "browser";
  made.provider = "github";
  made.subject = "7";
  made.profile = "{}";
  made.next = "/account/settings/profile/";
  made.created_at = 100;
  made.expires_at = expires_at;
  return made;
}

// With alice (u1), bob (u2), and the providers github and orcid.
struct Populated : TestDatabase {
  Populated() {
    (**this).write([](db::Connection& connection) {
      for (const auto& [id, name] : {std::pair("u1", "alice"), std::pair("u2", "bob")}) {
        store::User user;
        user.id = id;
        user.username = name;
        store::insert_user(connection, user);
      }
      for (const char* name : {"orcid", "github"}) store::insert_provider(connection, provider(name));
    });
  }
};

// In a transaction of its own: after a conflict it can only be undone.
template <class Action>
void check_conflict(TestDatabase& database, Action&& action) {
  CHECK_THROWS_AS(database->write(action), db::Conflict);
}

}  // namespace

TEST_CASE("a provider comes back as it went in, and as it was changed; lists are by name") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::Provider full = provider("full");
    full.title = "Full";
    full.description = "Everything";
    full.icon = "iVBORw0KGgo=";
    full.issuer = "https://id.example.org";
    full.authorize_url = "https://id.example.org/authorize";
    full.token_url = "https://id.example.org/token";
    full.userinfo_url = "https://id.example.org/me";
    full.emails_url = "https://id.example.org/me/emails";
    full.request_token_url = "https://id.example.org/request";
    full.signature_method = "PLAINTEXT";
    full.scope = {"openid", "email"};
    full.hidden = full.link_only = full.trust_email = true;
    full.signup = "ask";
    full.disabled_at = 300;
    store::insert_provider(connection, full);
    const auto same = [](const store::Provider& a, const store::Provider& b) {
      return a.name == b.name && a.preset == b.preset && a.title == b.title &&
             a.description == b.description && a.icon == b.icon && a.client_id == b.client_id &&
             a.secret_sealed == b.secret_sealed && a.issuer == b.issuer &&
             a.authorize_url == b.authorize_url && a.token_url == b.token_url &&
             a.userinfo_url == b.userinfo_url && a.emails_url == b.emails_url &&
             a.request_token_url == b.request_token_url && a.signature_method == b.signature_method &&
             a.scope == b.scope && a.hidden == b.hidden && a.link_only == b.link_only &&
             a.signup == b.signup && a.trust_email == b.trust_email && a.disabled_at == b.disabled_at &&
             a.created_at == b.created_at && a.updated_at == b.updated_at;
    };
    CHECK(same(store::find_provider(connection, "full").value(), full));
    store::Provider bare = provider("full");
    bare.client_id = "another";
    bare.updated_at = 400;
    store::update_provider(connection, bare);
    CHECK(same(store::find_provider(connection, "full").value(), bare));
    CHECK_FALSE(store::find_provider(connection, "Full").has_value());
    std::vector<std::string> names;
    for (const auto& each : store::list_providers(connection)) names.push_back(each.name);
    CHECK(names == std::vector<std::string>{"full", "github", "orcid"});
  });
  check_conflict(database, [](db::Connection& c) { store::insert_provider(c, provider("github")); });
}

TEST_CASE("no scope and an empty scope are not the same: the first one is the preset's") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::Provider none = provider("none");
    none.scope = std::vector<std::string>();
    store::insert_provider(connection, none);
    CHECK(store::find_provider(connection, "none")->scope == std::vector<std::string>());
    CHECK_FALSE(store::find_provider(connection, "github")->scope.has_value());
  });
}

TEST_CASE("a remote account is found by its id, by who it is there, and by user and provider") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::RemoteAccount made = account("r1", "github", "7", "u1");
    made.username = "octo";
    made.email = "octo@example.org";
    made.tokens_sealed = "sealed";
    made.expires_at = 500;
    made.last_used_at = 200;
    store::insert_remote_account(connection, made);
    for (const auto& found : {store::find_remote_account(connection, "r1"),
                              store::find_remote_account_by_subject(connection, "github", "7"),
                              store::find_remote_account_of_user(connection, "u1", "github")}) {
      REQUIRE(found.has_value());
      CHECK(found->id == "r1");
      CHECK(found->provider == "github");
      CHECK(found->subject == "7");
      CHECK(found->user_id == "u1");
      CHECK(found->username == "octo");
      CHECK(found->email == "octo@example.org");
      CHECK(found->tokens_sealed == "sealed");
      CHECK(found->expires_at == 500);
      CHECK(found->created_at == 100);
      CHECK(found->last_used_at == 200);
      CHECK(found->user_username == "alice");
      CHECK_FALSE(found->user_disabled_at.has_value());
    }
    CHECK_FALSE(store::find_remote_account_by_subject(connection, "orcid", "7").has_value());
    CHECK_FALSE(store::find_remote_account_of_user(connection, "u2", "github").has_value());
    CHECK(store::list_remote_accounts_by_id_prefix(connection, "r").size() == 1);
    CHECK(store::list_remote_accounts_by_id_prefix(connection, "x").empty());
  });
}

TEST_CASE("one account there is one user's, and a user has one account of a provider") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_remote_account(connection, account("r1", "github", "7", "u1"));
    store::insert_remote_account(connection, account("r2", "orcid", "7", "u2"));
  });
  check_conflict(database, [](db::Connection& connection) {
    store::insert_remote_account(connection, account("r3", "github", "7", "u2"));
  });
  check_conflict(database, [](db::Connection& connection) {
    store::insert_remote_account(connection, account("r3", "github", "8", "u1"));
  });
}

TEST_CASE("an account signs in while its provider is enabled, shown and not for linking only") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_remote_account(connection, account("r1", "github", "7", "u1"));
    const auto with = [&](auto&& change) {
      store::Provider changed = provider("github");
      change(changed);
      store::update_provider(connection, changed);
      CHECK(store::find_remote_account(connection, "r1")->signs_in == changed.offers_sign_in());
      return changed.offers_sign_in();
    };
    CHECK(with([](store::Provider&) {}));
    CHECK_FALSE(with([](store::Provider& p) { p.hidden = true; }));
    CHECK_FALSE(with([](store::Provider& p) { p.link_only = true; }));
    CHECK(store::find_remote_account(connection, "r1")->link_only);
    CHECK_FALSE(with([](store::Provider& p) { p.disabled_at = 100; }));
    CHECK_FALSE(store::find_remote_account(connection, "r1")->link_only);
  });
}

TEST_CASE("remote accounts are listed by user and provider, and go with either of them") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_remote_account(connection, account("r1", "orcid", "a", "u1"));
    store::insert_remote_account(connection, account("r2", "github", "b", "u1"));
    store::insert_remote_account(connection, account("r3", "github", "c", "u2"));
    const auto ids = [&](const store::RemoteAccountFilter& filter) {
      std::string out;
      for (const auto& each : store::list_remote_accounts(connection, filter)) out += each.id + " ";
      return out;
    };
    CHECK(ids({}) == "r2 r1 r3 ");
    CHECK(ids({"u1", {}}) == "r2 r1 ");
    CHECK(ids({{}, "github"}) == "r2 r3 ");
    CHECK(ids({"u2", "orcid"}).empty());
    CHECK(store::count_remote_accounts(connection, "github") == 2);
    CHECK(store::delete_provider(connection, "github"));
    CHECK_FALSE(store::delete_provider(connection, "github"));
    CHECK(ids({}) == "r1 ");
    store::delete_user(connection, "u1");
    CHECK(ids({}).empty());
  });
}

TEST_CASE("those whom a provider alone lets in have no password and no other account that signs in") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_remote_account(connection, account("r1", "github", "7", "u1"));
    store::insert_remote_account(connection, account("r2", "github", "8", "u2"));
    CHECK(store::count_only_let_in_by(connection, "github") == 2);
    store::insert_remote_account(connection, account("r3", "orcid", "7", "u1"));
    CHECK(store::count_only_let_in_by(connection, "github") == 1);
    store::Provider linking = provider("orcid");
    linking.link_only = true;
    store::update_provider(connection, linking);
    CHECK(store::count_only_let_in_by(connection, "github") == 2);
    store::User bob = store::find_user(connection, "u2").value();
    bob.password_hash = "hash";
    store::update_user(connection, bob);
    CHECK(store::count_only_let_in_by(connection, "github") == 1);
    CHECK(store::count_only_let_in_by(connection, "orcid") == 0);  // it never let anybody in
  });
}

TEST_CASE("of two that refresh the tokens of one account at once, one wins") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::insert_remote_account(connection, account("r1", "github", "7", "u1"));
    CHECK(store::update_remote_tokens(connection, "r1", std::nullopt, "first", 500));
    CHECK_FALSE(store::update_remote_tokens(connection, "r1", std::nullopt, "second", 600));
    CHECK(store::update_remote_tokens(connection, "r1", "first", "third", std::nullopt));
    CHECK_FALSE(store::update_remote_tokens(connection, "r1", "first", "fourth", 700));
    store::update_remote_profile(connection, "r1", "octocat", std::nullopt);
    store::touch_remote_account(connection, "r1", 300);
    const auto found = store::find_remote_account(connection, "r1").value();
    CHECK(found.tokens_sealed == "third");
    CHECK_FALSE(found.expires_at.has_value());
    CHECK(found.username == "octocat");
    CHECK(found.last_used_at == 300);
    CHECK(store::delete_remote_account(connection, "r1"));
    CHECK_FALSE(store::delete_remote_account(connection, "r1"));
  });
}

TEST_CASE("a state is used once, also by 8 connections at the same time") {
  TestDatabase database;
  std::atomic<int> won = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      db::Database own(database.url(), patient());
      if (own.write([](db::Connection& connection) { return store::use_state(connection, "s", 400); })) ++won;
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(won == 1);
  database->write([](db::Connection& connection) {
    CHECK(store::use_state(connection, "another", 500));
    CHECK(store::count_expired_used_states(connection, 401) == 1);
    CHECK(store::delete_expired_used_states(connection, 401, 10) == 1);
    CHECK_FALSE(store::use_state(connection, "another", 500));
  });
}

TEST_CASE("a signup comes back as it went in, and is used once and in time") {
  Populated database;
  database->write([](db::Connection& connection) {
    store::Signup made = signup("h1", 400);
    made.tokens_sealed = "sealed";
    made.token_expires_at = 900;
    made.remember = true;
    store::insert_signup(connection, made);
    store::insert_signup(connection, signup("h2", 400));
    const auto found = store::find_signup(connection, "h1").value();
    CHECK(found.session_name == "browser");
    CHECK(found.provider == "github");
    CHECK(found.subject == "7");
    CHECK(found.profile == "{}");
    CHECK(found.tokens_sealed == "sealed");
    CHECK(found.token_expires_at == 900);
    CHECK(found.next == "/account/settings/profile/");
    CHECK(found.remember);
    CHECK(found.created_at == 100);
    CHECK(found.expires_at == 400);
    CHECK(found.is_open(399));
    CHECK_FALSE(found.is_open(400));
    CHECK_FALSE(store::use_signup(connection, "h1", 400));
    CHECK(store::use_signup(connection, "h1", 399));
    CHECK_FALSE(store::use_signup(connection, "h1", 399));
    CHECK_FALSE(store::find_signup(connection, "h1")->is_open(399));
    CHECK(store::count_expired_signups(connection, 401) == 2);
    CHECK(store::delete_expired_signups(connection, 401, 1) == 1);
    CHECK(store::delete_expired_signups(connection, 401, 5) == 1);
    CHECK_FALSE(store::find_signup(connection, "h1").has_value());
  });
}
