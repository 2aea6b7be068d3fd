#include "core/federation/accounts.h"

#include <doctest/doctest.h>

#include "core/admin/error.h"
#include "core/admin/maintenance.h"
#include "tests/federation/fixture.h"

using namespace oauth2;

namespace {

// With the providers github and orcid.
struct Fixture : FederationFixture {
  Fixture() {
    for (const char* name : {"github", "orcid"}) federation::create_provider(context, wanted(name, name));
  }

  // Whether the user may take away the account at this provider; it is not there any more then.
  bool unlinks(const std::string& user_id, const std::string& provider = "github") const {
    const auto count = [&] { return federation::list_accounts(context, {user_id, {}}).size(); };
    const auto before = count();
    try {
      federation::unlink_own_account(context, user_id, provider);
    } catch (const admin::Refused& refused) {
      CHECK(refused.problem.key == "last_way_in");
      CHECK(count() == before);
      return false;
    }
    CHECK(count() == before - 1);
    return true;
  }

  void change(const std::string& name, const federation::ProviderFields& fields) const {
    federation::update_provider(context, name, fields);
  }
};

federation::ProviderFields link_only() {
  federation::ProviderFields fields;
  fields.link_only = true;
  return fields;
}

federation::ProviderFields hidden() {
  federation::ProviderFields fields;
  fields.hidden = true;
  return fields;
}

}  // namespace

TEST_CASE("a user with a password takes any account away") {
  Fixture f;
  const auto alice = f.add_user("alice", true);
  f.link("r1", "github", alice);
  CHECK(f.unlinks(alice));
  const auto rows = admin::list_audit(f.context, {});
  CHECK(rows.back().action == "remote_account.unlink");
  CHECK(rows.back().object == "remote_account:r1");
}

TEST_CASE("where signing in by password is off, a password is no way in") {
  Fixture f;
  const auto alice = f.add_user("alice", true);
  f.link("r1", "github", alice);
  f.settings.local_sign_in = false;
  CHECK_FALSE(f.unlinks(alice));
}

TEST_CASE("of two accounts one may go, and the last one stays") {
  Fixture f;
  const auto alice = f.add_user("alice");
  f.link("r1", "github", alice);
  f.link("r2", "orcid", alice);
  CHECK(f.unlinks(alice));
  CHECK_FALSE(f.unlinks(alice, "orcid"));
}

TEST_CASE("an account whose provider is disabled, hidden or for linking only is no other way in") {
  for (const int how : {0, 1, 2}) {
    CAPTURE(how);
    Fixture f;
    const auto alice = f.add_user("alice");
    f.link("r1", "github", alice);
    f.link("r2", "orcid", alice);
    if (how == 0) federation::disable_provider(f.context, "orcid");
    if (how == 1) f.change("orcid", hidden());
    if (how == 2) f.change("orcid", link_only());
    CHECK_FALSE(f.unlinks(alice));
  }
}

TEST_CASE(
    "an account that is for linking only never was a way in, and goes; one of a disabled provider stays") {
  Fixture f;
  const auto alice = f.add_user("alice");
  f.link("r1", "github", alice);
  federation::disable_provider(f.context, "github");
  CHECK_FALSE(f.unlinks(alice));
  f.change("github", link_only());
  CHECK(f.unlinks(alice));
}

TEST_CASE("a user takes away the own account, and nobody else's") {
  Fixture f;
  const auto alice = f.add_user("alice", true);
  const auto bob = f.add_user("bob", true);
  f.link("r1", "github", alice);
  CHECK_THROWS_AS(federation::unlink_own_account(f.context, bob, "github"), admin::NotFound);
  CHECK_THROWS_AS(federation::unlink_own_account(f.context, alice, "orcid"), admin::NotFound);
  CHECK(federation::list_accounts(f.context, {}).size() == 1);
}

TEST_CASE("the administrator takes away the last way in too, and is told that it is") {
  Fixture f;
  const auto alice = f.add_user("alice");
  f.link("r12345678", "github", alice);
  const auto account = federation::require_account(f.context, "r12345");
  CHECK(federation::is_last_way_in(f.context, account));
  CHECK(federation::unlink_account(f.context, "r12345").id == "r12345678");
  CHECK_THROWS_AS(federation::unlink_account(f.context, "r12345678"), admin::NotFound);
}

TEST_CASE("a prefix that fits two accounts names neither") {
  Fixture f;
  const auto alice = f.add_user("alice");
  f.link("r1234561", "github", alice);
  f.link("r1234562", "orcid", alice);
  CHECK_THROWS_AS(federation::require_account(f.context, "r123456"), admin::Ambiguous);
  CHECK_THROWS_AS(federation::require_account(f.context, "r1234"), admin::NotFound);
}
