#include "core/federation/signup.h"

#include <doctest/doctest.h>

#include "tests/federation/who_fixture.h"

namespace {

// A provider whose strangers are asked for what is missing.
struct AskFixture : WhoFixture {
  AskFixture() {
    provider.signup = "ask";
    change_provider(provider);
  }
  SignedIn complete(const account::Browser& browser, const std::string& secret, const SignupForm& form) {
    return complete_signup(context(), browser, "there", secret, form);
  }
  std::optional<FailureKind> failure(const account::Browser& browser, const std::string& secret,
                                     const std::string& name = "there") {
    const auto looked = failure_of([&] { require_signup(context(), browser, name, secret); });
    const auto sent = failure_of([&] {
      complete_signup(context(), browser, name, secret, {"anna", "", "", ""});
    });
    CHECK(looked == sent);
    return sent;
  }
  // "field text value" of what is wrong in the form.
  std::string problem(const account::Browser& browser, const std::string& secret, const SignupForm& form) {
    try {
      complete(browser, secret, form);
    } catch (const account::FormError& error) {
      return error.field + " " + error.text + (error.value.empty() ? "" : " " + error.value);
    }
    return "";
  }
};

std::string username_of(WhoFixture& site, const Identity& identity) {
  return site.read([&](db::Connection& connection) { return free_username(connection, "there", identity); });
}

}  // namespace

TEST_CASE("a username is made of the username there, else the e-mail, the name, the provider") {
  WhoFixture site;
  CHECK(username_of(site, {"1", "Ada", "Ada L.", "x@y.z", true}) == "Ada");
  CHECK(username_of(site, {"1", {}, "Ada L.", "ada@y.z", true}) == "ada");
  CHECK(username_of(site, {"1", {}, "Ada King Lovelace", {}, false}) == "ada-king-lovelace");
  CHECK(username_of(site, {"1", {}, {}, {}, false}) == "there-2");
  CHECK(username_of(site, {"1", "ada@home.example", {}, {}, false}) == "ada");
  CHECK(username_of(site, {"1", "  a:b//c<d> ", {}, {}, false}) == "a-b-c-d");
  CHECK(username_of(site, {"1", "José Ñandú", {}, {}, false}) == "José-Ñandú");
  CHECK(username_of(site, {"1", "@,;", {}, "@@", false}) == "there-2");
  CHECK(username_of(site, {"1", "\xff\xfe", "Ada", {}, false}) == "ada");
}

TEST_CASE("a username that is taken gets a number, a long one is cut, and each may be a user's") {
  WhoFixture site;
  site.add_user("Ada");
  CHECK(username_of(site, {"1", "ada", {}, {}, false}) == "ada-2");
  site.add_user("ADA-2");
  CHECK(username_of(site, {"1", "ada", {}, {}, false}) == "ada-3");
  for (int number = 3; number <= 20; ++number) site.add_user("ada-" + std::to_string(number));
  const std::string last = username_of(site, {"1", "ada", {}, {}, false});
  CHECK(last.starts_with("ada-"));
  CHECK(last.size() == 12);
  std::string wide;
  for (int i = 0; i < 60; ++i) wide += "é";
  const std::string cut = username_of(site, {"1", wide, {}, {}, false});
  CHECK(cut.size() == 48);
  site.add_user(cut);
}

TEST_CASE("nobody gets the name of somebody in charge by signing up") {
  WhoFixture site;
  CHECK(username_of(site, {"1", "admin", {}, {}, false}) == "admin-2");
  CHECK(username_of(site, {"1", {}, {}, "Root@x.y", true}) == "Root-2");
  CHECK(username_of(site, {"1", "administrators", {}, {}, false}) == "administrators");
}

TEST_CASE("who signs up without more comes in with what the provider says, as far as that may be") {
  WhoFixture site;
  Arrival arrival = site.arrival("s1", "ada@example.org", true);
  arrival.identity.username = "ada";
  arrival.identity.name = "Ada";
  auto signed_in = std::get<SignedIn>(site.come(arrival));
  CHECK(signed_in.has_new_username);
  store::User user = site.user(*signed_in.browser.session->user_id);
  CHECK(user.username == "ada");
  CHECK(user.name == "Ada");
  CHECK(user.email == "ada@example.org");
  CHECK_FALSE(user.password_hash);
  signed_in = std::get<SignedIn>(site.come(arrival));
  CHECK_FALSE(signed_in.has_new_username);

  arrival = site.arrival("s2", "no address", true);
  arrival.identity.name = std::string(201, 'x');
  user = site.user(site.come_as(arrival));
  CHECK_FALSE(user.name);
  CHECK_FALSE(user.email);
}

TEST_CASE("an e-mail of who signs up counts as verified only where the provider proved it and is trusted") {
  WhoFixture site;
  int number = 0;
  for (const bool is_trusted : {false, true}) {
    for (const bool is_verified : {false, true}) {
      CAPTURE(is_trusted);
      CAPTURE(is_verified);
      site.provider.trust_email = is_trusted;
      site.change_provider(site.provider);
      const std::string name = "s" + std::to_string(++number);
      const store::User user =
          site.user(site.come_as(site.arrival(name, name + "@example.org", is_verified)));
      CHECK(user.email_verified_at.has_value() == (is_trusted && is_verified));
    }
  }
}

TEST_CASE("who is asked first is nobody until the form comes, and then what it says") {
  AskFixture site;
  const account::Browser browser = account::stranger();
  Arrival arrival = site.arrival("s1");
  arrival.identity.name = "Ada";
  arrival.state.remember = true;
  const std::string secret = site.asked(arrival, browser);
  CHECK(site.users() == 0);
  CHECK(site.links() == 0);
  const PendingSignup pending = require_signup(site.context(), browser, "there", secret);
  CHECK(pending.username == "s1");
  CHECK(pending.identity.name == "Ada");
  CHECK_FALSE(pending.has_fixed_email);
  const SignedIn signed_in =
      site.complete(browser, secret, {" anna ", " Anna ", "anna@example.org", "Firefox"});
  CHECK(signed_in.browser.secret != browser.secret);
  CHECK(signed_in.browser.session->remember);
  CHECK(signed_in.next == "/device");
  const store::User user = site.user(*signed_in.browser.session->user_id);
  CHECK(user.username == "anna");
  CHECK(user.name == "Anna");
  CHECK(user.email == "anna@example.org");
  CHECK_FALSE(user.email_verified_at);
  CHECK(site.owner("s1") == user.id);
  CHECK(site.tokens("s1").refresh_token == "refresh-SECRET");
  CHECK(site.come_as(arrival) == user.id);
}

TEST_CASE("an e-mail that a trusted provider proved is not asked for, and nothing that is sent changes it") {
  AskFixture site;
  site.provider.trust_email = true;
  site.change_provider(site.provider);
  const account::Browser browser = account::stranger();
  const std::string secret = site.asked(site.arrival("s1", "ada@example.org", true), browser);
  CHECK(require_signup(site.context(), browser, "there", secret).has_fixed_email);
  const SignedIn signed_in = site.complete(browser, secret, {"ada", "", "victim@example.org", ""});
  const store::User user = site.user(*signed_in.browser.session->user_id);
  CHECK(user.email == "ada@example.org");
  CHECK(user.email_verified_at);
}

TEST_CASE("an e-mail that somebody typed is only claimed: its owner is not let in as that user") {
  AskFixture site;
  const account::Browser browser = account::stranger();
  const std::string secret = site.asked(site.arrival("m1"), browser);
  site.complete(browser, secret, {"mallory", "", "alice@example.org", ""});
  site.provider.trust_email = true;
  site.change_provider(site.provider);
  CHECK(failure_of([&] { site.come(site.arrival("a1", "alice@example.org", true)); }) ==
        FailureKind::email_taken);
}

TEST_CASE("a form that is refused uses nothing up") {
  AskFixture site;
  site.add_user("taken", "taken@example.org");
  const account::Browser browser = account::stranger();
  const std::string secret = site.asked(site.arrival("s1"), browser);
  const auto problem = [&](const std::string& username, const std::string& name, const std::string& email) {
    return site.problem(browser, secret, {username, name, email, ""});
  };
  CHECK(problem("", "", "") == "username account_username_empty");
  CHECK(problem("Support", "", "") == "username account_username_taken");
  CHECK(problem("TAKEN", "", "") == "username account_username_taken");
  CHECK(problem("a b", "", "") == "username account_username_malformed");
  CHECK(problem("a@b", "", "") == "username account_username_malformed");
  CHECK(problem("a\x01", "", "") == "username account_username_characters");
  CHECK(problem("a\u202Eb", "", "") == "username account_username_characters");
  CHECK(problem(std::string(65, 'a'), "", "") == "username account_username_length 64");
  CHECK(problem("ada", std::string(201, 'a'), "") == "name account_name_length 200");
  CHECK(problem("ada", "a\nb", "") == "name account_name_characters");
  CHECK(problem("ada", "", "ada") == "email account_email_malformed");
  CHECK(problem("ada", "", "a@b@c") == "email account_email_malformed");
  CHECK(problem("ada", "", std::string(250, 'a') + "@b.example") == "email account_email_length 254");
  CHECK(problem("ada", "", "Taken@Example.org") == "email account_email_taken");
  CHECK(site.users() == 1);
  CHECK(problem("ada", "", "") == "");
  CHECK(site.users() == 2);
}

TEST_CASE("the form of a sign-up counts once") {
  AskFixture site;
  const account::Browser browser = account::stranger();
  const std::string secret = site.asked(site.arrival("s1"), browser);
  site.complete(browser, secret, {"ada", "", "", ""});
  CHECK(site.failure(browser, secret) == FailureKind::state_used);
  CHECK(site.users() == 1);
}

TEST_CASE(
    "a sign-up is of the browser that came: another one with its secret gets nothing and burns nothing") {
  AskFixture site;
  const account::Browser browser = account::stranger();
  const std::string secret = site.asked(site.arrival("s1"), browser);
  CHECK(site.failure(account::stranger(), secret) == FailureKind::state_foreign);
  CHECK(site.failure(site.signed_in(site.add_user("mallory")), secret) == FailureKind::state_foreign);
  CHECK(site.failure(browser, "") == FailureKind::state_foreign);
  CHECK(site.failure(browser, secret + "x") == FailureKind::state_foreign);
  site.add_provider("elsewhere");
  CHECK(site.failure(browser, secret, "elsewhere") == FailureKind::state_foreign);
  CHECK_FALSE(site.failure(browser, secret));
}

TEST_CASE("a sign-up waits ten minutes") {
  AskFixture site;
  const account::Browser browser = account::stranger();
  const std::string secret = site.asked(site.arrival("s1"), browser);
  site.now += 599;
  CHECK_NOTHROW(require_signup(site.context(), browser, "there", secret));
  site.now += 1;
  CHECK(site.failure(browser, secret) == FailureKind::state_expired);
  CHECK(site.users() == 0);
}

TEST_CASE("what was changed while the form was open counts when it comes") {
  AskFixture site;
  const account::Browser browser = account::stranger();
  const std::string secret = site.asked(site.arrival("s1"), browser);
  const store::Provider open = site.provider;
  for (const auto& [field, kind] : {std::pair{&store::Provider::hidden, FailureKind::no_such_provider},
                                    std::pair{&store::Provider::link_only, FailureKind::no_such_provider}}) {
    store::Provider changed = open;
    changed.*field = true;
    site.change_provider(changed);
    CHECK(site.failure(browser, secret) == kind);
  }
  store::Provider changed = open;
  changed.disabled_at = site.now;
  site.change_provider(changed);
  CHECK(site.failure(browser, secret) == FailureKind::no_such_provider);
  changed = open;
  changed.signup = "off";
  site.change_provider(changed);
  CHECK(site.failure(browser, secret) == FailureKind::signup_off);
  site.change_provider(open);
  CHECK_NOTHROW(require_signup(site.context(), browser, "there", secret));
}

TEST_CASE("two forms of one person make one user, whatever the browsers") {
  AskFixture site;
  const account::Browser one = account::stranger();
  const account::Browser two = account::stranger();
  const std::string first = site.asked(site.arrival("s1"), one);
  const std::string second = site.asked(site.arrival("s1"), two);
  site.complete(one, first, {"ada", "", "", ""});
  CHECK(failure_of([&] { site.complete(two, second, {"eve", "", "", ""}); }) == FailureKind::state_used);
  CHECK(site.users() == 1);
  CHECK(site.links() == 1);
}
