#include "core/account/browser.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "core/account/sign_in.h"
#include "core/crypto/base64url.h"
#include "core/crypto/hash.h"
#include "tests/support.h"

using namespace oauth2;
using account::Browser;

namespace {

// Browsers without HTTP, on a real database and with a clock of its own. Alice is u1.
class Browsing {
 public:
  std::int64_t now = 1'000'000;
  Settings settings;

  template <class Action>
  auto write(Action&& action) {
    return database_->write(std::forward<Action>(action));
  }

  Browsing() {
    write([](db::Connection& connection) {
      store::User user;
      user.id = "u1";
      user.username = "alice";
      user.password_hash = "hash";
      store::insert_user(connection, user);
    });
  }

  protocol::Context context() {
    return {*database_,    settings, limits_,    last_use_,   workers_,
            signing_keys_, now,      now * 1000, "192.0.2.1", "request"};
  }
  Browser recognise(const std::optional<std::string>& cookie) {
    Browser browser = account::recognise(context(), cookie);
    last_use_.flush(*database_);  // as the server does every few seconds
    return browser;
  }
  store::User alice() {
    return write([](db::Connection& connection) { return *store::find_user(connection, "u1"); });
  }
  std::optional<Browser> try_sign_in(const Browser& from, bool remember = false) {
    return account::sign_in(context(), from, alice(), {remember, "Browser/1"});
  }
  Browser sign_in(bool remember = false) { return *try_sign_in(recognise(std::nullopt), remember); }
  bool is_signed_in(const Browser& browser) { return recognise(browser.secret).signed_in() != nullptr; }
  std::int64_t expires_at(const Browser& browser) { return recognise(browser.secret).session->expires_at; }
  std::size_t sessions() {
    return write([](db::Connection& connection) { return store::list_sessions(connection, {}).size(); });
  }

 private:
  TestDatabase database_;
  protocol::RateLimits limits_{settings};
  protocol::LastUse last_use_;
  crypto::PasswordWorkers workers_{1};
  protocol::SigningKeys signing_keys_;
};

nlohmann::json claims_of(const std::string& jwt) {
  const auto first = jwt.find('.');
  return nlohmann::json::parse(
      *crypto::base64url_decode(std::string_view(jwt).substr(first + 1, jwt.rfind('.') - first - 1)));
}

constexpr std::int64_t hour = 3600;
constexpr std::int64_t day = 24 * hour;

}  // namespace

TEST_CASE("a browser without a cookie of ours is a stranger with a new one, and nothing is stored") {
  Browsing web;
  for (const std::string& cookie :
       {std::string(), std::string("x"), std::string(42, 'A'), std::string(44, 'A'),
        std::string(42, 'A') + "-", std::string(42, 'A') + " ", std::string(41, 'A') + "é"}) {
    CAPTURE(cookie);
    const Browser stranger = web.recognise(cookie);
    CHECK(stranger.is_new);
    CHECK(stranger.secret != cookie);
    CHECK(stranger.secret.size() == 43);
    CHECK(stranger.signed_in() == nullptr);
  }
  CHECK(web.recognise(std::nullopt).secret != web.recognise(std::nullopt).secret);
  CHECK(web.sessions() == 0);
}

TEST_CASE("an anonymous browser keeps its cookie, and what it signs in to is another session") {
  Browsing web;
  const Browser before = web.recognise(web.recognise(std::nullopt).secret);
  CHECK_FALSE(before.is_new);
  const auto after = web.try_sign_in(before);
  REQUIRE(after);
  CHECK(after->is_new);
  CHECK(after->secret != before.secret);
  CHECK_FALSE(web.is_signed_in(before));
  CHECK(web.is_signed_in(*after));
  CHECK(account::session_name(*after) != account::session_name(before));
}

TEST_CASE("a session ends when it is idle for session_idle, to the second") {
  Browsing web;
  const Browser browser = web.sign_in();
  web.now += 12 * hour - 1;
  CHECK(web.is_signed_in(browser));  // and this was a use
  web.now += 12 * hour - 1;
  CHECK(web.is_signed_in(browser));
  web.now += 12 * hour;
  const Browser ended = web.recognise(browser.secret);
  CHECK(ended.signed_in() == nullptr);
  CHECK(ended.is_new);
  CHECK(ended.secret != browser.secret);
}

TEST_CASE("a session ends after session_ttl however much it is used") {
  Browsing web;
  const Browser browser = web.sign_in();
  const std::int64_t end = web.now + 30 * day;
  while (web.now + 6 * hour < end) {
    web.now += 6 * hour;
    REQUIRE(web.is_signed_in(browser));
    CHECK(web.expires_at(browser) <= end);
  }
  web.now = end - 1;
  CHECK(web.is_signed_in(browser));
  web.now = end;
  CHECK_FALSE(web.is_signed_in(browser));
}

TEST_CASE("a remembered session lasts for session_ttl without being used, and no longer") {
  Browsing web;
  const Browser browser = web.sign_in(true);
  CHECK(browser.session->expires_at == web.now + 30 * day);
  web.now += 30 * day - 1;
  CHECK(web.is_signed_in(browser));
  web.now += 1;
  CHECK_FALSE(web.is_signed_in(browser));
}

TEST_CASE("that a session was seen is written once a minute at most") {
  Browsing web;
  const Browser browser = web.sign_in();
  const auto seen = [&] {
    return web.write([&](db::Connection& connection) {
      return store::find_session(connection, browser.session->id)->last_seen_at;
    });
  };
  const std::int64_t start = web.now;
  web.now += 59;
  CHECK(web.is_signed_in(browser));
  CHECK(seen() == start);
  web.now += 1;
  CHECK(web.is_signed_in(browser));
  CHECK(seen() == start + 60);
}

TEST_CASE("nobody is signed in whose account changed since the password was judged") {
  Browsing web;
  const store::User judged = web.alice();
  const auto sign_in = [&] {
    return account::sign_in(web.context(), web.recognise(std::nullopt), judged, {false, ""});
  };
  const auto change = [&](auto&& how) {
    web.write([&](db::Connection& connection) {
      store::User user = *store::find_user(connection, "u1");
      how(user);
      store::update_user(connection, user);
    });
  };
  CHECK(sign_in());
  change([](store::User& user) { user.password_hash = "another"; });
  CHECK_FALSE(sign_in());
  change([](store::User& user) { user.password_hash.reset(); });
  CHECK_FALSE(sign_in());
  change([](store::User& user) { user.password_hash = "hash"; });
  CHECK(sign_in());
  change([](store::User& user) { user.disabled_at = 1; });
  CHECK_FALSE(sign_in());
}

TEST_CASE("signing in ends the session before, and signing out ends its own alone") {
  Browsing web;
  const Browser other = web.sign_in();
  const Browser first = web.recognise(web.sign_in().secret);
  const auto second = web.try_sign_in(first);
  REQUIRE(second);
  CHECK_FALSE(web.is_signed_in(first));
  CHECK(web.is_signed_in(*second));
  const Browser left = account::sign_out(web.context(), web.recognise(second->secret));
  CHECK(left.is_new);
  CHECK(left.signed_in() == nullptr);
  CHECK(left.secret != second->secret);
  CHECK_FALSE(web.is_signed_in(*second));
  CHECK(web.is_signed_in(other));
}

TEST_CASE("what a browser says of itself is stored as text, cut between characters, or not at all") {
  Browsing web;
  const auto stored = [&](const std::string& user_agent) {
    const auto made =
        account::sign_in(web.context(), web.recognise(std::nullopt), web.alice(), {false, user_agent});
    return web.recognise(made->secret).session->user_agent;
  };
  CHECK(stored("Browser/1") == "Browser/1");
  CHECK(stored(std::string(299, 'x') + "é") == std::string(299, 'x'));
  CHECK_FALSE(stored("").has_value());
  CHECK_FALSE(stored("a\nb").has_value());
  CHECK_FALSE(stored("\x1b[31m").has_value());
  CHECK_FALSE(stored("\xFF\xFE").has_value());
}

TEST_CASE("a CSRF token names user and session and lives for an hour, to the second") {
  Browsing web;
  const Browser browser = web.sign_in();
  const std::string token = account::csrf_token(web.context(), browser);
  const auto claims = claims_of(token);
  CHECK(claims.at("sub") == "u1");
  CHECK(claims.at("sid") == browser.session->id);
  CHECK(claims.at("exp") == web.now + hour);
  CHECK(account::is_csrf_token(web.context(), browser, token));
  web.now += hour - 1;
  CHECK(account::is_csrf_token(web.context(), browser, token));
  web.now += 1;
  CHECK_FALSE(account::is_csrf_token(web.context(), browser, token));
}

TEST_CASE("a CSRF token is one browser's own, before signing in too") {
  Browsing web;
  const Browser one = web.sign_in(), two = web.sign_in();
  const Browser nobody = web.recognise(std::nullopt), stranger = web.recognise(std::nullopt);
  const Browser all[] = {one, two, nobody, stranger};
  for (const Browser& made_for : all) {
    const std::string token = account::csrf_token(web.context(), made_for);
    for (const Browser& shown_by : all)
      CHECK(account::is_csrf_token(web.context(), shown_by, token) == (&made_for == &shown_by));
  }
  CHECK_FALSE(claims_of(account::csrf_token(web.context(), nobody)).contains("sub"));
}

TEST_CASE("a CSRF token holds neither the cookie nor its hash") {
  Browsing web;
  for (const Browser& browser : {web.sign_in(), web.recognise(std::nullopt)}) {
    const std::string claims = claims_of(account::csrf_token(web.context(), browser)).dump();
    CHECK(claims.find(browser.secret) == std::string::npos);
    CHECK(claims.find(crypto::sha256_base64url(browser.secret)) == std::string::npos);
  }
}
