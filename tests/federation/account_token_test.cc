#include "core/federation/account_token.h"

#include <doctest/doctest.h>

#include "core/admin/maintenance.h"
#include "core/federation/failure.h"
#include "core/federation/remote_tokens.h"
#include "tests/federation/fixture.h"
#include "tests/federation/stand_in.h"

using namespace oauth2;
using federation::FailureKind;

namespace {

// alice has an account at a provider that runs here; it is 1000.
struct Fixture : FederationFixture {
  StandIn there;

  Fixture() {
    auto made = wanted("there", "oauth2");
    made.fields.authorize_url = there.url("/authorize");
    made.fields.token_url = there.url("/token");
    made.fields.userinfo_url = there.url("/me");
    federation::create_provider(context, made);
    link("r12345678", "there", add_user("alice"));
  }

  void have(const federation::RemoteTokens& tokens) const {
    const auto account = stored();
    const std::string sealed = federation::seal_tokens(key(), "there", account.subject, tokens);
    context.db.write([&](db::Connection& c) {
      CHECK(store::update_remote_tokens(c, account.id, account.tokens_sealed, sealed, tokens.expires_at));
    });
  }
  store::RemoteAccount stored() const {
    return context.db.read(
        [](db::Connection& c) { return store::find_remote_account(c, "r12345678").value(); });
  }
  std::int64_t audited() const {
    std::int64_t rows = 0;
    for (const auto& row : admin::list_audit(context, {}))
      rows += row.action == "remote_account.token" ? 1 : 0;
    return rows;
  }
  federation::AccountToken fresh() const { return federation::fresh_account_token(context, "r12345678"); }
  std::optional<FailureKind> failure() const {
    try {
      fresh();
    } catch (const federation::Failure& failure) {
      CHECK(std::string(failure.what()).find("SECRET") == std::string::npos);
      return failure.kind;
    }
    return std::nullopt;
  }
};

}  // namespace

TEST_CASE("a token that is good for more than a minute is handed out as it is, with an audit row") {
  Fixture f;
  f.have({"access-SECRET", "refresh-SECRET", {}, "read", 1061});
  const auto found = f.fresh();
  CHECK(found.tokens.access_token == "access-SECRET");
  CHECK_FALSE(found.refreshed);
  CHECK(f.there.count() == 0);
  CHECK(f.audited() == 1);
  f.have({"endless-SECRET", {}, {}, {}, {}});
  CHECK(f.fresh().tokens.access_token == "endless-SECRET");
}

TEST_CASE("a token that ends within a minute is refreshed, and what came is kept sealed") {
  Fixture f;
  f.have({"old-SECRET", "refresh-SECRET", {}, "read", 1060});
  f.there.answer("/token", R"({"access_token":"new-SECRET","token_type":"bearer","expires_in":600})");
  const auto found = f.fresh();
  CHECK(found.refreshed);
  CHECK(found.tokens.access_token == "new-SECRET");
  CHECK(found.tokens.refresh_token == "refresh-SECRET");
  CHECK(found.tokens.expires_at == 1600);
  CHECK(f.stored().expires_at == 1600);
  CHECK(f.stored().tokens_sealed->find("SECRET") == std::string::npos);
  CHECK(f.audited() == 1);
  CHECK_FALSE(f.fresh().refreshed);
  CHECK(f.there.count("/token") == 1);
}

TEST_CASE(
    "there is no usable token where none was kept, or it has ended and there is nothing to refresh it with") {
  Fixture f;
  CHECK_THROWS_AS(f.fresh(), federation::NoUsableToken);
  f.have({"old-SECRET", {}, {}, {}, 1001});
  CHECK(f.fresh().tokens.access_token == "old-SECRET");  // to its last second
  f.have({"old-SECRET", {}, {}, {}, 1000});
  CHECK_THROWS_AS(f.fresh(), federation::NoUsableToken);
  CHECK(f.audited() == 1);
}

TEST_CASE("what the provider refuses leaves the tokens as they were") {
  Fixture f;
  f.have({"old-SECRET", "refresh-SECRET", {}, {}, 900});
  const auto before = f.stored().tokens_sealed;
  f.there.answer("/token", StandIn::Response{400, R"({"error":"invalid_grant"})"});
  CHECK(f.failure() == FailureKind::token_refused);
  f.there.answer("/token", StandIn::Response{503, ""});
  CHECK(f.failure() == FailureKind::provider_down);
  CHECK(f.stored().tokens_sealed == before);
  CHECK(f.audited() == 0);
}

TEST_CASE(
    "where another one refreshed it meanwhile, theirs is handed out, whoever the provider was in time for") {
  for (const int status : {200, 400}) {
    CAPTURE(status);
    Fixture f;
    f.have({"old-SECRET", "refresh-SECRET", {}, {}, 900});
    f.there.on("/token", [&](const StandIn::Request&) {
      f.have({"theirs-SECRET", "rotated-SECRET", {}, {}, 5000});
      return StandIn::Response{status, status == 200
                                           ? R"({"access_token":"ours-SECRET","token_type":"bearer"})"
                                           : R"({"error":"invalid_grant"})"};
    });
    CHECK(f.fresh().tokens.access_token == "theirs-SECRET");
    CHECK(f.fresh().tokens.refresh_token == "rotated-SECRET");
  }
}

TEST_CASE("a disabled provider's tokens are not handed out") {
  Fixture f;
  f.have({"access-SECRET", {}, {}, {}, {}});
  federation::disable_provider(f.context, "there");
  CHECK_THROWS_AS(f.fresh(), admin::Refused);
  CHECK(f.audited() == 0);
}

TEST_CASE("a refresh that was killed holds up the next one for seconds, not for good") {
  Fixture f;
  f.have({"old-SECRET", "refresh-SECRET", {}, {}, 900});
  f.there.answer("/token", R"({"access_token":"new-SECRET","token_type":"bearer","expires_in":600})");
  f.context.db.write([&](db::Connection& c) {
    CHECK(store::begin_refresh(c, "r12345678", f.context.now, f.context.now + 1));
    CHECK_FALSE(store::begin_refresh(c, "r12345678", f.context.now, f.context.now + 1));
  });
  CHECK(f.fresh().tokens.access_token == "new-SECRET");
}

TEST_CASE("a refresh that failed holds nobody up") {
  Fixture f;
  f.have({"old-SECRET", "refresh-SECRET", {}, {}, 900});
  f.there.answer("/token", StandIn::Response{503, ""});
  CHECK(f.failure() == FailureKind::provider_down);
  f.context.db.write(
      [&](db::Connection& c) { CHECK(store::begin_refresh(c, "r12345678", f.context.now, 2000)); });
}

TEST_CASE("talking to a provider ends before a server that stops has to, which is after ten seconds") {
  const Fixture f;
  federation::RemoteCache cache;
  const federation::ServerKey key = f.key();
  CHECK(federation::Outside{key, cache}.patience < std::chrono::seconds(10));
}
