#include "core/federation/rewrap.h"

#include "core/admin/error.h"
#include "tests/federation/who_fixture.h"

namespace {

const std::string new_text = "another server's key SECRET, as long";

Rewrapped rewrap(WhoFixture& site, const ServerKey& now, const std::optional<ServerKey>& before) {
  return site.write(
      [&](db::Connection& connection) { return rewrap_secrets(connection, site.admin(), now, before); });
}

}  // namespace

TEST_CASE("secrets of providers and tokens of accounts go along to a new server's key, and once") {
  WhoFixture site;
  site.come_as(site.arrival("s1"));
  site.come_as(site.arrival("s2"));
  site.add_provider("elsewhere");
  const ServerKey now = derive_server_key(new_text);
  Rewrapped done = rewrap(site, now, site.key);
  CHECK(done.provider_secrets == 2);
  CHECK(done.account_tokens == 2);
  const auto provider = site.read([](db::Connection& c) { return store::find_provider(c, "there").value(); });
  CHECK(open_provider_secret(now, provider) == "client-SECRET");
  CHECK_THROWS_AS(open_provider_secret(site.key, provider), CannotOpen);
  const auto account = site.account("s1");
  const RemoteTokens tokens = open_tokens(now, "there", "s1", *account.tokens_sealed, account.expires_at);
  CHECK(tokens.access_token == "access-SECRET");
  CHECK(tokens.refresh_token == "refresh-SECRET");
  done = rewrap(site, now, site.key);
  CHECK(done.provider_secrets == 0);
  CHECK(done.account_tokens == 0);
}

TEST_CASE("what opens with neither server's key refuses it all, and nothing has changed") {
  WhoFixture site;
  site.come_as(site.arrival("s1"));
  const ServerKey now = derive_server_key(new_text);
  CHECK_THROWS_AS(rewrap(site, now, std::nullopt), admin::Refused);
  CHECK_THROWS_AS(rewrap(site, now, derive_server_key(std::string(40, 'x'))), admin::Refused);
  auto stray = site.add_provider("stray");
  stray.secret_sealed = seal_provider_secret(derive_server_key(std::string(40, 'y')), "stray", "s");
  site.change_provider(stray);
  CHECK_THROWS_AS(rewrap(site, now, site.key), admin::Refused);
  CHECK(site.tokens("s1").access_token == "access-SECRET");
}
