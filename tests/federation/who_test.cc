#include "core/federation/who.h"

#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <thread>

#include "tests/federation/who_fixture.h"

TEST_CASE("who is linked already gets in, whatever else the provider says of them") {
  WhoFixture site;
  const std::string alice = site.come_as(site.arrival("a1", "alice@example.org", true));
  const std::string bob = site.add_user("bob", "bob@example.org");
  site.provider.trust_email = true;
  site.change_provider(site.provider);
  CHECK(site.come_as(site.arrival("a1", "bob@example.org", true)) == alice);
  CHECK(site.owner("a1") == alice);
  CHECK(site.users() == 2);
  CHECK(site.account("a1").email == "bob@example.org");  // as it is called there now
  CHECK(site.user(alice).email == "alice@example.org");
  CHECK(site.user(bob).email == "bob@example.org");
}

TEST_CASE("a sign-in makes a session of its own under a new secret, and only its own next counts") {
  WhoFixture site;
  const account::Browser before = account::stranger();
  Arrival arrival = site.arrival("a1");
  arrival.state.remember = true;
  const auto signed_in = std::get<SignedIn>(site.come(arrival, before));
  CHECK(signed_in.browser.secret != before.secret);
  CHECK(signed_in.browser.is_new);
  CHECK(signed_in.next == "/device");
  CHECK(signed_in.browser.session->remember);
  CHECK(signed_in.browser.session->user_agent == "Firefox");
  CHECK(site.is_signed_in(signed_in.browser));
  CHECK_FALSE(site.is_signed_in(before));
}

TEST_CASE("a sign-up is written down: user, link, session") {
  WhoFixture site;
  const auto signed_in = std::get<SignedIn>(site.come(site.arrival("a1", "a@example.org", true)));
  const std::map<std::string, std::string> names = {{*signed_in.browser.session->user_id, "USER"},
                                                    {signed_in.browser.session->id, "SESSION"},
                                                    {site.account("a1").id, "LINK"}};
  CHECK(site.audit(names) == std::vector<std::string>{"provider:there user.create user:USER",
                                                      "provider:there user.claim_email user:USER",
                                                      "user:USER remote_account.link remote_account:LINK",
                                                      "user:USER session.create session:SESSION"});
}

TEST_CASE("a user who is signed in links the account there, even where its e-mail is another user's") {
  WhoFixture site;
  const std::string alice = site.add_user("alice", "alice@example.org");
  site.add_user("bob", "bob@example.org");
  const auto browser = site.signed_in(alice);
  Arrival arrival = site.link_arrival("a1");
  arrival.identity.email = "bob@example.org";
  arrival.identity.email_verified = true;
  CHECK(std::get<Linked>(site.come(arrival, browser)).next == "/device");
  CHECK(site.owner("a1") == alice);
  CHECK(site.is_signed_in(browser));  // in the session as it was
  CHECK(site.come_as(site.arrival("a1")) == alice);
}

TEST_CASE("an account there that another user has linked is not linked anew") {
  WhoFixture site;
  const std::string alice = site.come_as(site.arrival("a1"));
  const auto mallory = site.signed_in(site.add_user("mallory"));
  CHECK(failure_of([&] { site.come(site.link_arrival("a1"), mallory); }) == FailureKind::linked_to_another);
  CHECK(site.owner("a1") == alice);
  CHECK(site.links() == 1);
}

TEST_CASE("a user has one account a provider, and linking the same again keeps it") {
  WhoFixture site;
  const auto browser = site.signed_in(site.add_user("alice"));
  site.come(site.link_arrival("a1"), browser);
  CHECK(failure_of([&] { site.come(site.link_arrival("a2"), browser); }) == FailureKind::another_linked);
  CHECK(site.owner("a2").empty());
  CHECK_FALSE(failure_of([&] { site.come(site.link_arrival("a1"), browser); }));
  CHECK(site.links() == 1);
}

TEST_CASE("a link is for the session that asked for it: not for nobody, and not once it has ended") {
  WhoFixture site;
  const std::string alice = site.add_user("alice");
  CHECK(failure_of([&] { site.come(site.link_arrival("a1")); }) == FailureKind::state_foreign);
  const auto browser = site.signed_in(alice);
  site.write([&](db::Connection& c) { store::revoke_session(c, browser.session->id, site.now); });
  CHECK(failure_of([&] { site.come(site.link_arrival("a1"), browser); }) == FailureKind::state_foreign);
  const auto another = site.signed_in(alice);
  site.disable(alice);
  CHECK(failure_of([&] { site.come(site.link_arrival("a1"), another); }) == FailureKind::state_foreign);
  CHECK(site.links() == 0);
}

TEST_CASE("a sign-in changes nothing for a browser where somebody is signed in") {
  WhoFixture site;
  const auto browser = site.signed_in(site.add_user("alice"));
  CHECK(failure_of([&] { site.come(site.arrival("a1"), browser); }) == FailureKind::state_foreign);
  CHECK(site.links() == 0);
  CHECK(site.users() == 1);
  CHECK(site.is_signed_in(browser));
}

TEST_CASE("an e-mail opens an account that is there only when the provider proved it and is trusted") {
  WhoFixture site;
  const std::string alice = site.add_user("alice", "alice@example.org");
  for (const bool is_trusted : {false, true}) {
    for (const bool is_verified : {false, true}) {
      CAPTURE(is_trusted);
      CAPTURE(is_verified);
      site.provider.trust_email = is_trusted;
      site.change_provider(site.provider);
      const Arrival arrival = site.arrival("a1", "Alice@Example.org", is_verified);
      if (is_trusted && is_verified) {
        CHECK(site.come_as(arrival) == alice);
      } else {
        CHECK(failure_of([&] { site.come(arrival); }) == FailureKind::email_taken);
        CHECK(site.links() == 0);
      }
      CHECK(site.users() == 1);
    }
  }
  CHECK(site.owner("a1") == alice);
}

TEST_CASE("whatever becomes of who signs up, an e-mail that is taken is refused the same way") {
  WhoFixture site;
  site.add_user("alice", "alice@example.org");
  for (const char* signup : {"auto", "ask", "off"}) {
    CAPTURE(signup);
    site.provider.signup = signup;
    site.change_provider(site.provider);
    CHECK(failure_of([&] { site.come(site.arrival("a1", "alice@example.org", true)); }) ==
          FailureKind::email_taken);
  }
}

TEST_CASE("an e-mail that a user only claimed when signing up lets nobody in who proves it elsewhere") {
  WhoFixture site;
  // Mallory says at a provider without trust that the e-mail is hers, and waits for its owner.
  const std::string mallory = site.come_as(site.arrival("m1", "alice@example.org", true));
  CHECK_FALSE(site.user(mallory).email_verified_at);
  site.provider.trust_email = true;
  site.change_provider(site.provider);
  CHECK(failure_of([&] { site.come(site.arrival("a1", "alice@example.org", true)); }) ==
        FailureKind::email_taken);
  CHECK(site.owner("a1").empty());
  // Once it is proved, by an administrator, it is the user's like any other.
  admin::UserFields proved;
  proved.email_verified = true;
  admin::update_user(site.admin(), mallory, proved);
  site.provider = site.add_provider("elsewhere");
  site.provider.trust_email = true;
  site.change_provider(site.provider);
  CHECK(site.come_as(site.arrival("a1", "alice@example.org", true)) == mallory);
}

TEST_CASE("a user found by e-mail keeps the account that is linked") {
  WhoFixture site;
  site.provider.trust_email = true;
  site.change_provider(site.provider);
  const std::string alice = site.come_as(site.arrival("a1", "alice@example.org", true));
  CHECK(failure_of([&] { site.come(site.arrival("a2", "alice@example.org", true)); }) ==
        FailureKind::another_linked);
  CHECK(site.owner("a1") == alice);
  CHECK(site.owner("a2").empty());
}

TEST_CASE("a disabled user gets in neither by a link nor by an e-mail, and nobody else is made") {
  WhoFixture site;
  site.provider.trust_email = true;
  site.change_provider(site.provider);
  const std::string alice = site.come_as(site.arrival("a1", "alice@example.org", true));
  const std::string bob = site.add_user("bob", "bob@example.org");
  site.disable(alice);
  site.disable(bob);
  CHECK(failure_of([&] { site.come(site.arrival("a1")); }) == FailureKind::user_disabled);
  CHECK(failure_of([&] { site.come(site.arrival("b1", "bob@example.org", true)); }) ==
        FailureKind::user_disabled);
  CHECK(site.users() == 2);
  CHECK(site.links() == 1);
}

TEST_CASE("with signup off nobody new comes in, and who is linked does") {
  WhoFixture site;
  const std::string alice = site.come_as(site.arrival("a1"));
  site.provider.signup = "off";
  site.change_provider(site.provider);
  CHECK(failure_of([&] { site.come(site.arrival("a2", "new@example.org", true)); }) ==
        FailureKind::signup_off);
  CHECK(site.come_as(site.arrival("a1")) == alice);
  CHECK(site.users() == 1);
}

TEST_CASE("a provider for linking only, a hidden and a disabled one let nobody in") {
  WhoFixture site;
  const std::string alice = site.come_as(site.arrival("a1"));
  const auto browser = site.signed_in(site.add_user("bob"));
  const store::Provider open = site.provider;
  const auto refused = [&](const Arrival& arrival, const account::Browser& by = account::stranger()) {
    return failure_of([&] { site.come(arrival, by); }) == FailureKind::no_such_provider;
  };
  store::Provider changed = open;
  changed.link_only = true;
  site.change_provider(changed);
  CHECK(refused(site.arrival("a1")));
  CHECK(refused(site.arrival("a2")));
  CHECK_FALSE(refused(site.link_arrival("b1"), browser));
  changed = open;
  changed.hidden = true;
  site.change_provider(changed);
  CHECK(refused(site.arrival("a1")));
  changed = open;
  changed.disabled_at = site.now;
  site.change_provider(changed);
  CHECK(refused(site.arrival("a1")));
  CHECK(refused(site.link_arrival("b1"), browser));
  site.write([&](db::Connection& connection) { store::delete_provider(connection, "there"); });
  CHECK(refused(site.arrival("a1")));
  CHECK(site.users() == 2);
}

TEST_CASE("of two providers the same subject is two people") {
  WhoFixture site;
  const std::string here = site.come_as(site.arrival("a1"));
  const store::Provider there = site.provider;
  site.provider = site.add_provider("elsewhere");
  CHECK(site.come_as(site.arrival("a1")) != here);
  CHECK(site.users() == 2);
}

TEST_CASE("of many arrivals of one person at once one makes the user, and all are let in as that one") {
  WhoFixture site;
  constexpr int many = 12;
  std::vector<std::thread> threads;
  std::vector<std::string> ids(many);
  std::atomic<int> waiting{0};
  for (int i = 0; i < many; ++i) {
    threads.emplace_back([&, i] {
      for (++waiting; waiting < many;) std::this_thread::yield();
      ids[static_cast<std::size_t>(i)] = site.come_as(site.arrival("a1", "a@example.org", true));
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 1);
  CHECK(site.users() == 1);
  CHECK(site.links() == 1);
}

TEST_CASE("of many users who link one account there at once one gets it") {
  WhoFixture site;
  constexpr int many = 8;
  std::vector<account::Browser> browsers;
  for (int i = 0; i < many; ++i) browsers.push_back(site.signed_in(site.add_user("u" + std::to_string(i))));
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (const account::Browser& browser : browsers) {
    threads.emplace_back([&] {
      if (failure_of([&] { site.come(site.link_arrival("a1"), browser); }) == FailureKind::linked_to_another)
        ++refused;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(refused == many - 1);
  CHECK(site.links() == 1);
}

TEST_CASE(
    "tokens are kept sealed and replaced at each arrival, but a refresh token stays till another comes") {
  WhoFixture site;
  Arrival arrival = site.arrival("a1");
  arrival.tokens.expires_at = site.now + 3600;
  site.come(arrival);
  CHECK(site.account("a1").tokens_sealed->find("SECRET") == std::string::npos);
  CHECK(site.account("a1").expires_at == site.now + 3600);
  arrival.tokens = {"second-SECRET", std::nullopt, std::nullopt, "read", std::nullopt};
  site.come(arrival);
  CHECK(site.tokens("a1").access_token == "second-SECRET");
  CHECK(site.tokens("a1").refresh_token == "refresh-SECRET");
  CHECK(site.tokens("a1").scope == "read");
  CHECK_FALSE(site.account("a1").expires_at);
  arrival.tokens.refresh_token = "newer-SECRET";
  site.come(arrival);
  CHECK(site.tokens("a1").refresh_token == "newer-SECRET");
  CHECK(site.account("a1").last_used_at == site.now);
}
