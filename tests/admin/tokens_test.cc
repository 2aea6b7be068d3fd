#include "core/admin/tokens.h"

#include <doctest/doctest.h>

#include "core/admin/clients.h"
#include "core/admin/error.h"
#include "core/admin/maintenance.h"
#include "core/admin/scopes.h"
#include "core/admin/users.h"
#include "tests/admin/fixture.h"

using namespace oauth2;
using admin::IfExists;

namespace {

struct Fixture : AdminFixture {
  Fixture() {
    admin::create_scope(context, "read", {}, IfExists::refuse);
    admin::create_scope(context, "write", {}, IfExists::refuse);
    admin::UserFields alice;
    alice.username = "alice";
    admin::create_user(context, alice, IfExists::refuse);
  }

  admin::TokenResult make(const std::string& name, std::optional<std::int64_t> expires_in = {}) {
    admin::NewToken wanted;
    wanted.user = "alice";
    wanted.name = name;
    wanted.scope = {"read"};
    wanted.expires_in = expires_in;
    return admin::create_personal_token(context, wanted);
  }

  bool active(const std::string& secret) { return admin::verify_token(context, secret, {}).active; }
};

}  // namespace

TEST_CASE("a personal token belongs to its user and never expires unless told") {
  Fixture f;
  const auto made = f.make("laptop");
  CHECK(made.token.username == "alice");
  CHECK_FALSE(made.token.expires_at.has_value());
  CHECK(f.active(*made.secret));
  f.context.now += 100LL * 365 * 86'400;
  CHECK(f.active(*made.secret));
  CHECK_THROWS_AS(f.make("laptop"), admin::AlreadyExists);
}

TEST_CASE("a token's string is stored nowhere, only its hash") {
  Fixture f;
  const auto made = f.make("laptop");
  CHECK(made.token.token_hash != *made.secret);
  CHECK(made.token.token_hash.size() == 43);
  CHECK(admin::require_token(f.context, "laptop").id == made.token.id);
  CHECK_THROWS_AS(admin::require_token(f.context, *made.secret), admin::NotFound);
}

TEST_CASE("verify tells active from inactive and has the scope from lacks it") {
  Fixture f;
  const auto made = f.make("laptop", 60);
  CHECK(admin::verify_token(f.context, *made.secret, {"read"}).has_scope);
  CHECK_FALSE(admin::verify_token(f.context, *made.secret, {"read write"}).has_scope);
  CHECK(admin::verify_token(f.context, *made.secret, {"write", "read"}).has_scope);
  f.context.now += 60;
  const auto late = admin::verify_token(f.context, *made.secret, {});
  CHECK_FALSE(late.active);
  CHECK(late.document == R"({"active":false})");
  CHECK_FALSE(f.active("junk"));
}

TEST_CASE("a rotated token keeps name, scope and length of life; the old one dies now or after the overlap") {
  Fixture f;
  const auto first = f.make("laptop", 1000);
  f.context.now += 500;
  const auto second = admin::rotate_token(f.context, "laptop", 60);
  CHECK(second.token.name == "laptop");
  CHECK(second.token.scope == "read");
  CHECK(second.token.expires_at == f.context.now + 1000);
  CHECK(f.active(*first.secret));
  CHECK(f.active(*second.secret));
  CHECK_THROWS_AS(admin::rotate_token(f.context, first.token.id, {}), admin::Refused);
  f.context.now += 60;
  CHECK_FALSE(f.active(*first.secret));
  const auto third = admin::rotate_token(f.context, "laptop", {});
  CHECK_FALSE(f.active(*second.secret));
  CHECK(f.active(*third.secret));
}

TEST_CASE("the overlap never makes the old token live longer than it would have") {
  Fixture f;
  const auto first = f.make("laptop", 100);
  admin::rotate_token(f.context, "laptop", 10'000);
  f.context.now += 100;
  CHECK_FALSE(f.active(*first.secret));
}

TEST_CASE("a revoked token cannot be extended, renamed or rotated back to life") {
  Fixture f;
  const auto made = f.make("laptop", 100);
  CHECK(admin::revoke_token(f.context, "laptop").changed);
  CHECK_FALSE(admin::revoke_token(f.context, made.token.id).changed);
  CHECK_THROWS_AS(admin::extend_token(f.context, made.token.id, 1000), admin::Refused);
  CHECK_THROWS_AS(admin::rotate_token(f.context, made.token.id, {}), admin::Refused);
  CHECK_THROWS_AS(admin::update_token(f.context, made.token.id, "x", {}), admin::Refused);
  CHECK_FALSE(f.active(*made.secret));
  const auto other = f.make("laptop", 100);
  f.context.now += 100;
  CHECK_THROWS_AS(admin::extend_token(f.context, other.token.id, {}), admin::Refused);
}

TEST_CASE("changing scopes really changes them") {
  Fixture f;
  const auto made = f.make("laptop");
  CHECK(admin::update_token(f.context, "laptop", {}, std::vector<std::string>{"write"}).changed);
  CHECK(admin::verify_token(f.context, *made.secret, {"write"}).has_scope);
  CHECK_FALSE(admin::verify_token(f.context, *made.secret, {"read"}).has_scope);
}

TEST_CASE("leaked tokens are revoked by their strings, whatever else is in the list") {
  Fixture f;
  const auto one = f.make("one");
  const auto two = f.make("two");
  const auto results =
      admin::revoke_leaked_tokens(f.context, "junk\n\n  " + *one.secret + "\r\n" + *one.secret + "\n");
  REQUIRE(results.size() == 3);
  CHECK_FALSE(results[0].token.has_value());
  CHECK(results[1].changed);
  CHECK(results[1].line == 3);
  CHECK_FALSE(results[2].changed);
  CHECK_FALSE(f.active(*one.secret));
  CHECK(f.active(*two.secret));
}

TEST_CASE("revoking by user reaches tokens of a disabled user too: they do not come back") {
  Fixture f;
  const auto made = f.make("laptop");
  admin::disable_user(f.context, "alice");
  CHECK_FALSE(f.active(*made.secret));
  admin::TokenQuery query;
  query.user = "alice";
  CHECK(admin::list_tokens(f.context, query).empty());
  CHECK(admin::revoke_tokens(f.context, query).size() == 1);
  admin::enable_user(f.context, "alice");
  CHECK_FALSE(f.active(*made.secret));
}

TEST_CASE("lists are filtered by expiry, by last use and by kind") {
  Fixture f;
  f.make("short", 100);
  f.make("long", 10'000);
  f.make("never");
  admin::TokenQuery expiring;
  expiring.expiring_within = 500;
  CHECK(admin::list_tokens(f.context, expiring).size() == 1);
  f.context.now += 1000;
  admin::TokenQuery unused;
  unused.unused_for = 900;
  CHECK(admin::list_tokens(f.context, unused).size() == 2);
  unused.all = true;
  CHECK(admin::list_tokens(f.context, unused).size() == 3);
  admin::TokenQuery kind;
  kind.kind = "access";
  CHECK(admin::list_tokens(f.context, kind).empty());
  kind.kind = "nonsense";
  CHECK_THROWS_AS(admin::list_tokens(f.context, kind), admin::Refused);
}

TEST_CASE("every act leaves one audit row with its actor, and a refused one leaves none") {
  Fixture f;
  const auto before = admin::list_audit(f.context, {}).size();
  f.make("laptop");
  CHECK_THROWS_AS(f.make("laptop"), admin::AlreadyExists);
  const auto rows = admin::list_audit(f.context, {});
  REQUIRE(rows.size() == before + 1);
  CHECK(rows.back().actor == "os:me");
  CHECK(rows.back().action == "token.create");
  CHECK(rows.back().object.starts_with("token:"));
}

TEST_CASE("internal scopes are for internal tokens") {
  Fixture f;
  admin::ScopeFields internal;
  internal.internal = true;
  admin::create_scope(f.context, "inside", internal, IfExists::refuse);
  admin::NewToken wanted;
  wanted.user = "alice";
  wanted.name = "x";
  wanted.scope = {"inside"};
  CHECK_THROWS_AS(admin::create_personal_token(f.context, wanted), admin::Refused);
  wanted.internal = true;
  CHECK(admin::create_personal_token(f.context, wanted).token.internal);
}

TEST_CASE(
    "an upsert changes only what it names, and gets no internal scope for a token that is not internal") {
  Fixture f;
  f.make("laptop");
  admin::NewToken again;
  again.user = "alice";
  again.name = "laptop";
  again.if_exists = IfExists::update;
  const auto same = admin::create_personal_token(f.context, again);
  CHECK_FALSE(same.changed);
  CHECK(same.token.scope == "read");
  admin::ScopeFields internal;
  internal.internal = true;
  admin::create_scope(f.context, "inside", internal, IfExists::refuse);
  again.scope = {"inside"};
  CHECK_THROWS_AS(admin::create_personal_token(f.context, again), admin::Refused);
  again.internal = true;
  CHECK_THROWS_AS(admin::create_personal_token(f.context, again), admin::Refused);
}

TEST_CASE("an expired personal token's name is free, and --if-not-exists does not take it for a live one") {
  Fixture f;
  const auto old = f.make("laptop", 60);
  f.context.now += 60;
  admin::NewToken again;
  again.user = "alice";
  again.name = "laptop";
  again.if_exists = IfExists::keep;
  const auto fresh = admin::create_personal_token(f.context, again);
  CHECK(fresh.changed);
  CHECK(fresh.secret.has_value());
  CHECK_FALSE(f.active(*old.secret));
}

TEST_CASE("a rotated token lives as long as was last asked for, however often it was extended") {
  Fixture f;
  f.make("laptop", 1000);
  f.context.now += 900;
  admin::extend_token(f.context, "laptop", 500);
  CHECK(admin::rotate_token(f.context, "laptop", {}).token.expires_at == f.context.now + 500);
  admin::extend_token(f.context, "laptop", {});
  CHECK_FALSE(admin::rotate_token(f.context, "laptop", {}).token.expires_at.has_value());
}

TEST_CASE("a token rotated without overlap stays dead when the clock is set back") {
  Fixture f;
  const auto first = f.make("laptop");
  admin::rotate_token(f.context, "laptop", {});
  f.context.now -= 86'400;
  CHECK_FALSE(f.active(*first.secret));
}

TEST_CASE("revoking thousands takes several transactions and misses none") {
  Fixture f;
  for (int i = 0; i < 603; ++i) f.make("t" + std::to_string(i));
  admin::TokenQuery query;
  query.user = "alice";
  CHECK(admin::count_revocable_tokens(f.context, query) == 603);
  CHECK(admin::revoke_tokens(f.context, query).size() == 603);
  CHECK(admin::count_revocable_tokens(f.context, query) == 0);
  CHECK(admin::list_tokens(f.context, query).empty());
}

TEST_CASE("a dry run of prune counts all that it would delete") {
  Fixture f;
  for (int i = 0; i < 603; ++i) f.make("t" + std::to_string(i), 10);
  f.context.now += 1000;
  db::Options options;
  options.dry_run = true;
  db::Database dry(f.database.url(), options);
  const admin::Context context{dry, f.settings, f.context.now, "os:me", {}, {}, {}};
  CHECK(admin::prune(context, 100).front().second == 603);
  CHECK(admin::prune(f.context, 100).front().second == 603);
  CHECK(admin::prune(f.context, 100).front().second == 0);
}
