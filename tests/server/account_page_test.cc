#include "server/account_page.h"

#include <doctest/doctest.h>

#include <string>

#include "server/shown_time.h"
#include "tests/server/page_samples.h"
#include "tests/support.h"

using namespace oauth2::server;
using namespace oauth2;

namespace {

constexpr std::int64_t now = 1'795'347'000;  // 2026-11-22T11:30:00Z

// One request of a browser, in a language and with a query.
class Visitor {
 public:
  explicit Visitor(const std::string& language, const std::string& query = "") {
    request_.method = "GET";
    request_.path = std::string(security_path);
    request_.target = request_.path + query;
    visit = std::make_unique<Visit>(open_visit(context_, pages_, "", request_, response_));
    visit->language = language;
    visit->browser = account::stranger();
    visit->user.emplace().username = "alice";
  }
  std::unique_ptr<Visit> visit;
  std::string policy() const { return response_.get_header_value("Content-Security-Policy"); }
  std::string body() const { return response_.body; }

 private:
  TestDatabase database_;
  Settings settings_;
  protocol::RateLimits limits_{settings_};
  protocol::LastUse last_use_;
  crypto::PasswordWorkers workers_{1};
  protocol::SigningKeys signing_keys_;
  protocol::Context context_{*database_,    settings_, limits_, last_use_, workers_,
                             signing_keys_, now,       0,       "",        ""};
  Pages pages_{"", "https://auth.example.org"};
  httplib::Request request_;
  httplib::Response response_;
};

Paging paging_of(const std::string& query, std::size_t total) {
  return read_paging(*Visitor("en", query).visit, total, 20);
}

}  // namespace

TEST_CASE("a date is said as people say it, in the page's language") {
  const Visitor english("en");
  const Visitor french("fr");
  CHECK(shown_date(*english.visit, now) == "22 November 2026");
  CHECK(shown_date(*french.visit, now) == "22 novembre 2026");
  CHECK(shown_date(*french.visit, 1'754'006'400) == "1er août 2025");
  CHECK(shown_date(*english.visit, 951'782'399) == "28 February 2000");
  CHECK(shown_date(*english.visit, 951'782'400) == "29 February 2000");
  CHECK(shown_date(*english.visit, 0) == "1 January 1970");
}

TEST_CASE("what was less than a week ago is said by how long ago it was") {
  const Visitor english("en");
  const Visitor french("fr");
  const auto shown = [&](std::int64_t ago) { return shown_time_ago(*english.visit, now - ago); };
  CHECK(shown(0) == "just now");
  CHECK(shown(59) == "just now");
  CHECK(shown(60) == "1 minute ago");
  CHECK(shown(3599) == "59 minutes ago");
  CHECK(shown(3600) == "1 hour ago");
  CHECK(shown(86399) == "23 hours ago");
  CHECK(shown(86400) == "1 day ago");
  CHECK(shown(7 * 86400 - 1) == "6 days ago");
  CHECK(shown(7 * 86400) == "15 November 2026");
  CHECK(shown(-1) == "22 November 2026");
  CHECK(shown_time_ago(*french.visit, now - 180) == "il y a 3 minutes");
}

TEST_CASE("what is to come is said by how long it will take, in the page's language") {
  const Visitor english("en");
  const Visitor french("fr");
  const auto left = [&](std::int64_t seconds) { return shown_time_left(*english.visit, now + seconds); };
  CHECK(left(-5) == "in 0 seconds");
  CHECK(left(1) == "in 1 second");
  CHECK(left(60) == "in 1 minute");
  CHECK(left(3600) == "in 1 hour");
  CHECK(left(36 * 3600 - 1) == "in 1 day");
  CHECK(left(30 * 86400) == "in 30 days");
  CHECK(left(30 * 86400 - 60) == "in 30 days");
  CHECK(left(29 * 86400 + 43'199) == "in 29 days");
  CHECK(left(400 * 86400) == "in 400 days");
  CHECK(left(2 * 365 * 86400) == "in 2 years");
  CHECK(shown_time_left(*french.visit, now + 30 * 86400) == "dans 30 jours");
}

TEST_CASE("a duration of the settings is said in words") {
  const Visitor english("en");
  const Visitor french("fr");
  const std::pair<const char*, const char*> cases[] = {
      {"1h", "1 hour"}, {"36h", "36 hours"}, {"1d", "1 day"},       {"30d", "30 days"},
      {"1y", "1 year"}, {"10y", "10 years"}, {"90s", "90 seconds"}, {"15m", "15 minutes"},
      {"1w", "1 week"}, {"2w", "2 weeks"},
  };
  for (const auto& [duration, words] : cases) CHECK(shown_duration(*english.visit, duration) == words);
  CHECK(shown_duration(*french.visit, "1h") == "1 heure");
}

TEST_CASE("a shown time has the exact one beside it, in UTC") {
  const Visitor visitor("en");
  View view;
  set_time_ago(*visitor.visit, view, "seen", now - 60);
  CHECK(view.text("seen_at") == "1 minute ago");
  CHECK(view.text("seen_datetime") == "2026-11-22T11:29:00Z");
}

TEST_CASE("a policy allows scripts of ours on the page that shows a secret, and on no other") {
  const Visitor secret("en");
  write_shown_once(*secret.visit, {"Your token", "Copy it now.", {{"token", "Token", "o2p_x"}}, "/", "Done"});
  CHECK(secret.policy().find("default-src 'none'; script-src 'self'; style-src") == 0);
  CHECK(secret.body().find("value=\"o2p_x\"") != std::string::npos);
  const Visitor other("en");
  write_account_page(*other.visit, 200, "applications", page_samples::applications());
  CHECK(other.policy().find("default-src 'none'; style-src") == 0);
  CHECK(other.policy().find("script") == std::string::npos);
  CHECK(other.body().find("<script") == std::string::npos);
}

TEST_CASE("rows are shown by pages, and a page that is not there is the nearest one") {
  CHECK(paging_of("", 0).count == 0);
  CHECK(paging_of("", 20).pages == 1);
  CHECK(paging_of("", 21).pages == 2);
  CHECK(paging_of("?page=2", 21).first == 20);
  CHECK(paging_of("?page=2", 21).count == 1);
  CHECK(paging_of("?page=99", 21).number == 2);
  for (const char* query :
       {"?page=0", "?page=-1", "?page=x", "?page=", "?page=1x", "?page=999999999999999999999999"}) {
    CAPTURE(query);
    CHECK(paging_of(query, 200).number == 1);
  }
}

TEST_CASE("links lead to the pages before and after, where there are any") {
  const Visitor visitor("en", "?page=2");
  View middle;
  set_paging(*visitor.visit, middle, read_paging(*visitor.visit, 200, 20), security_path);
  CHECK(middle.text("page_shown") == "21–40 of 200");
  CHECK(middle.text("page_previous") == "/account/settings/security/?page=1");
  CHECK(middle.text("page_next") == "/account/settings/security/?page=3");
  View last;
  set_paging(*visitor.visit, last, read_paging(*visitor.visit, 40, 20), security_path);
  CHECK(last.find("page_next") == nullptr);
  View all;
  set_paging(*visitor.visit, all, read_paging(*visitor.visit, 20, 20), security_path);
  CHECK(all.values().empty());
}

TEST_CASE("a link of one of several lists keeps the others where they are, and leads to its own") {
  const std::vector<std::string> lists = {"clients", "tokens", "authorized"};
  const Visitor visitor("en", "?clients=2&tokens=3&authorized=x&done=evil&more=1");
  const auto links = [&](const std::string& list) {
    View view;
    set_paging(*visitor.visit, view, read_paging(*visitor.visit, 200, 20, list), "/p/", list, lists);
    return std::string(view.text(list + "_previous")) + " " + std::string(view.text(list + "_next"));
  };
  CHECK(links("clients") == "/p/?tokens=3&clients=1#clients /p/?tokens=3&clients=3#clients");
  CHECK(links("tokens") == "/p/?clients=2&tokens=2#tokens /p/?clients=2&tokens=4#tokens");
  CHECK(links("authorized") == " /p/?clients=2&tokens=3&authorized=2#authorized");
}

TEST_CASE("before the total is known a page is asked for as the query says it, in numbers a database takes") {
  const auto asked = [](const std::string& query) {
    return asked_page(*Visitor("en", query).visit, 20, "tokens").offset;
  };
  CHECK(asked("") == 0);
  CHECK(asked("?tokens=3") == 40);
  CHECK(asked("?tokens=0") == 0);
  CHECK(asked("?tokens=-3") == 0);
  CHECK(asked("?tokens=18446744073709551615") == 19'999'980);
}

TEST_CASE("a page says only what it knows when its address asks it to say something") {
  const std::string done = "session_revoked";
  CHECK(shown_notice(*Visitor("en", "?done=session_revoked").visit, {done}) == "That session is signed out.");
  CHECK(shown_notice(*Visitor("en", "?done=login_wrong").visit, {done}) == "");
  CHECK(shown_notice(*Visitor("en", "?done=%3Cb%3E").visit, {done}) == "");
  CHECK(shown_notice(*Visitor("en").visit, {done}) == "");
}
