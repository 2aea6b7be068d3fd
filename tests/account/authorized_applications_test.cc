#include "core/account/authorized_applications.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/account/scopes.h"
#include "core/store/clients.h"
#include "core/store/tokens.h"
#include "tests/account/own_fixture.h"

using namespace oauth2;

namespace {

struct Fixture : OwnFixture {
  Fixture() {
    for (const char* name : {"wiki", "mail"}) make_client(name);
  }

  void make_client(const std::string& name) {
    write([&](db::Connection& connection) {
      store::Client client;
      client.id = client.name = name;
      client.token_endpoint_auth_method = "client_secret_basic";
      store::insert_client(connection, client);
    });
  }

  // A consent under this id.
  void allow(const std::string& id, const std::string& user_id, const std::string& client_id) {
    write([&](db::Connection& connection) {
      store::Consent consent;
      consent.id = id;
      consent.user_id = user_id;
      consent.client_id = client_id;
      consent.scope = "read write";
      consent.created_at = consent.updated_at = now;
      store::insert_or_widen_consent(connection, consent);
    });
  }

  void hold(const std::string& id, const std::string& user_id, const std::string& client_id, const char* kind,
            std::optional<std::int64_t> used_at = std::nullopt, const std::string& scope = "") {
    write([&](db::Connection& connection) {
      store::Token token;
      token.id = token.token_hash = id;
      token.kind = kind;
      token.user_id = user_id;
      token.client_id = client_id;
      token.scope = scope;
      token.created_at = now;
      token.expires_at = now + 3600;
      store::insert_token(connection, token);
      if (used_at) store::touch_token(connection, id, *used_at, 60);
    });
  }

  bool is_revoked(const std::string& token_id) {
    return read([&](db::Connection& connection) {
      return store::find_token(connection, token_id)->revoked_at.has_value();
    });
  }
  std::optional<store::Consent> find(const std::string& user_id, const std::string& id) {
    const auto found = account::find_authorized_application(context(), user_id, id);
    return found ? std::optional(found->consent) : std::nullopt;
  }
  std::string revoke(const std::string& user_id, const std::string& id) {
    return refusal_of([&] { account::revoke_authorized_application(context(), user_id, id); });
  }
};

}  // namespace

TEST_CASE("an authorized application has its name, scope, since when, last use and live tokens") {
  Fixture f;
  f.allow("grant-1", f.alice, "wiki");
  CHECK(f.find(f.alice, "grant-1")->live_tokens == 0);
  CHECK_FALSE(f.find(f.alice, "grant-1")->last_used_at);
  const std::int64_t start = f.now;
  f.hold("t1", f.alice, "wiki", "refresh");
  f.now += 10;
  f.hold("t2", f.alice, "wiki", "access");
  f.hold("of-bob", f.bob, "wiki", "access", f.now + 500);
  f.hold("at-mail", f.alice, "mail", "access", f.now + 500);
  f.hold("personal", f.alice, "wiki", "personal", f.now + 500);
  for (const auto& grant : {*f.find(f.alice, "grant-1"),
                            account::list_authorized_applications(f.context(), f.alice, {}).rows.at(0)}) {
    CHECK(grant.id == "grant-1");
    CHECK(grant.client_name == "wiki");
    CHECK(grant.scope == "read write");
    CHECK(grant.created_at == start);
    CHECK(grant.live_tokens == 2);
    CHECK(grant.last_used_at == start + 10);
  }
  f.hold("t3", f.alice, "wiki", "access", f.now + 100);
  CHECK(f.find(f.alice, "grant-1")->last_used_at == f.now + 100);
  f.write([&](db::Connection& connection) { store::revoke_token(connection, "t3", f.now); });
  CHECK(f.find(f.alice, "grant-1")->live_tokens == 2);
  CHECK(f.find(f.alice, "grant-1")->last_used_at == f.now);
  f.now += 3600;
  CHECK(f.find(f.alice, "grant-1")->live_tokens == 0);
}

TEST_CASE(
    "an authorized application comes with its client and the scopes of the consent that are not internal") {
  Fixture f;
  f.allow("grant-1", f.alice, "wiki");
  f.write([&](db::Connection& connection) {
    store::Consent more = *store::find_consent_of(connection, f.alice, "wiki");
    more.scope = "user:email secret";
    store::insert_or_widen_consent(connection, more);
  });
  const auto found = account::find_authorized_application(f.context(), f.alice, "grant-1");
  REQUIRE(found);
  CHECK(found->consent.scope == "read write user:email secret");
  CHECK(found->client.name == "wiki");
  std::string shown;
  for (const auto& each : found->scopes) {
    shown += each.scope.group.value_or("-") + "/" + each.scope.name + " ";
    CHECK_FALSE(each.is_new);
  }
  CHECK(shown == "-/user:email Data/read Data/write ");
  CHECK_FALSE(account::find_authorized_application(f.context(), f.bob, "grant-1"));
}

TEST_CASE("what an application was allowed without being remembered is shown, and not as new") {
  Fixture f;
  f.write([&](db::Connection& connection) {
    store::Consent consent;
    consent.id = "grant-1";
    consent.user_id = f.alice;
    consent.client_id = "wiki";
    store::insert_or_widen_consent(connection, consent);
  });
  f.hold("t1", f.alice, "wiki", "access", std::nullopt, "read secret");
  const auto found = account::find_authorized_application(f.context(), f.alice, "grant-1");
  REQUIRE(found);
  CHECK(found->consent.allowed_scope == "read secret");
  REQUIRE(found->scopes.size() == 1);
  CHECK(found->scopes.front().scope.name == "read");
  CHECK_FALSE(found->scopes.front().is_new);
  CHECK(account::list_authorized_applications(f.context(), f.alice, {}).rows.at(0).allowed_scope ==
        "read secret");
}

TEST_CASE("of a list of scopes those that are internal are left out, and the others keep their order") {
  Fixture f;
  f.make_scope("also:secret", {}, true);
  const auto internal = account::list_internal_scopes(f.context());
  CHECK(internal == std::vector<std::string>{"also:secret", "secret"});
  CHECK(account::shown_scopes("write secret read", internal) == std::vector<std::string>{"write", "read"});
  CHECK(account::shown_scopes("secret", internal).empty());
  CHECK(account::shown_scopes("", internal).empty());
}

TEST_CASE("tokens of a disabled client are not counted as live") {
  Fixture f;
  f.allow("grant-1", f.alice, "wiki");
  f.hold("t1", f.alice, "wiki", "access");
  f.write([&](db::Connection& connection) {
    auto client = *store::find_client(connection, "wiki");
    client.disabled_at = f.now;
    store::update_client(connection, client);
  });
  CHECK(f.find(f.alice, "grant-1")->live_tokens == 0);
}

TEST_CASE("revoking takes the consent and all tokens of the pair, and nothing else") {
  Fixture f;
  f.allow("grant-1", f.alice, "wiki");
  f.allow("grant-2", f.alice, "mail");
  f.allow("grant-3", f.bob, "wiki");
  f.hold("t1", f.alice, "wiki", "refresh");
  f.hold("t2", f.alice, "wiki", "access");
  f.hold("at-mail", f.alice, "mail", "access");
  f.hold("of-bob", f.bob, "wiki", "access");
  CHECK(f.revoke(f.alice, "grant-1") == "");
  CHECK_FALSE(f.find(f.alice, "grant-1"));
  CHECK(f.is_revoked("t1"));
  CHECK(f.is_revoked("t2"));
  CHECK_FALSE(f.is_revoked("at-mail"));
  CHECK_FALSE(f.is_revoked("of-bob"));
  CHECK(f.find(f.alice, "grant-2"));
  CHECK(f.find(f.bob, "grant-3"));
  CHECK(f.audit() == std::vector<std::string>{fmt::format("user:{} grant.revoke grant:grant-1", f.alice)});
  CHECK(f.revoke(f.alice, "grant-1") == "not found");
  CHECK(f.audit().size() == 1);
}

TEST_CASE("another's authorization, one that is gone and a prefix are as unknown as none") {
  Fixture f;
  f.allow("grant-1", f.alice, "wiki");
  f.allow("other-2", f.bob, "wiki");
  f.hold("of-bob", f.bob, "wiki", "access");
  CHECK(f.revoke(f.bob, "grant-1") == "not found");
  for (const char* id : {"other-2", "grant-", "grant-11", "", "wiki", "none-at-all"}) {
    CAPTURE(id);
    CHECK_FALSE(f.find(f.alice, id));
    CHECK(f.revoke(f.alice, id) == "not found");
  }
  CHECK(f.find(f.alice, "grant-1"));
  CHECK(f.find(f.bob, "other-2"));
  CHECK_FALSE(f.is_revoked("of-bob"));
  CHECK(f.audit().empty());
}

TEST_CASE("authorized applications come in pages, newest first and always in the same order") {
  Fixture f;
  for (int i = 0; i < 25; ++i) {
    const std::string name = fmt::format("client {:02}", i);
    f.make_client(name);
    f.now += i % 2;
    f.allow(fmt::format("grant-{:02}", i), f.alice, name);
  }
  f.allow("other-2", f.bob, "wiki");
  std::vector<std::string> ids;
  for (std::int64_t offset = 0; offset < 25; offset += 10) {
    const auto page = account::list_authorized_applications(f.context(), f.alice, {10, offset});
    CHECK(page.total == 25);
    for (const auto& grant : page.rows) ids.push_back(grant.id);
  }
  REQUIRE(ids.size() == 25);
  CHECK(ids[0] == "grant-23");
  CHECK(ids[1] == "grant-24");
  CHECK(ids[2] == "grant-21");
  CHECK(ids[24] == "grant-00");
}
