#include "core/federation/linked.h"

#include <doctest/doctest.h>

#include "tests/federation/who_fixture.h"

namespace {

// "name account last unavailable" of each.
std::vector<std::string> listed(WhoFixture& site, const std::string& user_id) {
  std::vector<std::string> lines;
  for (const LinkedProvider& linked : list_linked(site.context(), user_id)) {
    std::string line = linked.provider.name;
    line += linked.account ? " " + linked.account->subject : " -";
    if (linked.is_last_way_in) line += " last";
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

TEST_CASE("a user sees what can be connected and what is, and which of it is the last way in") {
  WhoFixture site;
  const std::string alice = site.come_as(site.arrival("a1"));
  site.come_as(site.arrival("b1"));
  CHECK(listed(site, alice) == std::vector<std::string>{"there a1 last"});
  store::Provider other = site.add_provider("other");
  CHECK(listed(site, alice) == std::vector<std::string>{"other -", "there a1 last"});
  other.hidden = true;
  site.change_provider(other);
  CHECK(listed(site, alice) == std::vector<std::string>{"there a1 last"});
  store::Provider there = site.provider;
  there.disabled_at = site.now;
  site.change_provider(there);
  CHECK(listed(site, alice) == std::vector<std::string>{"there a1 last"});
  CHECK(listed(site, site.add_user("new")).empty());
}

TEST_CASE("disconnecting takes the tokens along and leaves the session, and then the account is nobody's") {
  WhoFixture site;
  const auto signed_in = std::get<SignedIn>(site.come(site.arrival("a1")));
  const std::string alice = *signed_in.browser.session->user_id;
  const store::Provider there = site.provider;
  site.provider = site.add_provider("other");
  Arrival arrival = site.link_arrival("o1");
  site.come(arrival, signed_in.browser);
  unlink_own_account(account::acting(site.context(), alice), alice, "there");
  CHECK(site.links() == 1);
  CHECK(site.is_signed_in(signed_in.browser));
  CHECK(listed(site, alice) == std::vector<std::string>{"other o1 last", "there -"});
  site.provider = there;
  CHECK(site.come_as(site.arrival("a1")) != alice);
  site.provider = site.read([](db::Connection& c) { return store::find_provider(c, "other").value(); });
  CHECK(site.come_as(site.arrival("o1")) == alice);
}
