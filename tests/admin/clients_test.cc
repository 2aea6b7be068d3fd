#include "core/admin/clients.h"

#include <doctest/doctest.h>

#include "core/admin/error.h"
#include "core/admin/maintenance.h"
#include "core/admin/scopes.h"
#include "core/admin/tokens.h"
#include "core/admin/users.h"
#include "tests/admin/fixture.h"

using namespace oauth2;
using admin::IfExists;

namespace {

// A deployment with a scope, an internal scope and a user.
struct Fixture : AdminFixture {
  Fixture() {
    admin::create_scope(context, "read", {}, IfExists::refuse);
    admin::ScopeFields internal;
    internal.internal = true;
    admin::create_scope(context, "inside", internal, IfExists::refuse);
    admin::UserFields alice;
    alice.username = "alice";
    admin::create_user(context, alice, IfExists::refuse);
  }

  admin::NewClient machine(const std::string& name = "ci") const {
    admin::NewClient wanted;
    wanted.name = name;
    wanted.fields.grant_types = {"client_credentials"};
    wanted.fields.scope = {"read"};
    return wanted;
  }

  std::size_t audit_rows() const { return admin::list_audit(context, {}).size(); }
};

}  // namespace

TEST_CASE(
    "a client gets its defaults: authorization_code with response type code, and Basic authentication") {
  Fixture f;
  admin::NewClient wanted;
  wanted.name = "app";
  CHECK_THROWS_AS(admin::create_client(f.context, wanted), admin::Refused);  // needs a redirect URI
  wanted.fields.redirect_uris = {"https://app.example.org/cb"};
  const auto made = admin::create_client(f.context, wanted);
  CHECK(made.client.grant_types == std::vector<std::string>{"authorization_code"});
  CHECK(made.client.response_types == std::vector<std::string>{"code"});
  CHECK(made.client.token_endpoint_auth_method == "client_secret_basic");
  CHECK(made.client.introspect == "any");
  CHECK(made.client.id.size() == 32);
  CHECK(made.secret.has_value());
}

TEST_CASE("what cannot be is refused, and nothing is stored") {
  Fixture f;
  const auto refused = [&](auto&& change) {
    admin::NewClient wanted = f.machine();
    change(wanted);
    CHECK_THROWS_AS(admin::create_client(f.context, wanted), admin::Refused);
  };
  refused([](auto& w) { w.fields.scope = {"write"}; });
  refused([](auto& w) { w.fields.scope = {"inside"}; });
  refused([](auto& w) { w.fields.grant_types = {"client_credential"}; });
  refused([](auto& w) { w.fields.is_public = true; });  // client_credentials is for confidential clients
  refused([](auto& w) { w.secret = std::string(31, 's'); });
  refused([](auto& w) { w.name = "a\nb"; });
  refused([](auto& w) { w.name = " "; });
  refused([](auto& w) { w.id = "a b"; });
  refused([](auto& w) { w.id = "a:b"; });
  refused([](auto& w) { w.fields.auth_method = "private_key_jwt"; });
  refused([](auto& w) { w.fields.introspect = "all"; });
  refused([](auto& w) { w.fields.default_scope = {"user:email"}; });
  refused([](auto& w) { w.fields.client_uri = "javascript:alert(1)"; });
  refused([](auto& w) { w.fields.response_types = {"code"}; });
  refused([](auto& w) { w.fields.redirect_uris = {"http://app.example.org/cb"}; });
  CHECK(admin::list_clients(f.context, {}).empty());
}

TEST_CASE("consent is never skipped for a public client whose redirect URI is not https") {
  Fixture f;
  admin::NewClient wanted;
  wanted.name = "native";
  wanted.fields.is_public = true;
  wanted.fields.skip_consent = true;
  wanted.fields.redirect_uris = {"com.example.app:/cb"};
  CHECK_THROWS_AS(admin::create_client(f.context, wanted), admin::Refused);
  wanted.fields.redirect_uris = {"https://app.example.org/cb"};
  CHECK_NOTHROW(admin::create_client(f.context, wanted));
}

TEST_CASE("a taken name is refused, kept or updated as asked; a second identical run changes nothing") {
  Fixture f;
  const auto first = admin::create_client(f.context, f.machine());
  CHECK_THROWS_AS(admin::create_client(f.context, f.machine()), admin::AlreadyExists);
  auto again = f.machine();
  again.if_exists = IfExists::keep;
  const auto kept = admin::create_client(f.context, again);
  CHECK(kept.client.id == first.client.id);
  CHECK_FALSE(kept.changed);
  CHECK_FALSE(kept.secret.has_value());
  again.if_exists = IfExists::update;
  const std::size_t rows = f.audit_rows();
  CHECK_FALSE(admin::create_client(f.context, again).changed);
  CHECK(f.audit_rows() == rows);
  again.fields.description = "builds";
  CHECK(admin::create_client(f.context, again).changed);
  CHECK(f.audit_rows() == rows + 1);
  again.secret = std::string(40, 's');
  CHECK(admin::create_client(f.context, again).changed);
  CHECK_FALSE(admin::create_client(f.context, again).changed);
  CHECK(admin::verify_client_secret(f.context, "ci", std::string(40, 's')));
  CHECK_FALSE(admin::verify_client_secret(f.context, "ci", *first.secret));
}

TEST_CASE("an update touches only what it names") {
  Fixture f;
  auto wanted = f.machine();
  wanted.fields.description = "old";
  wanted.fields.owner = "alice";
  admin::create_client(f.context, wanted);
  admin::ClientFields change;
  change.name = "build";
  const auto after = admin::update_client(f.context, "ci", change);
  CHECK(after.client.name == "build");
  CHECK(after.client.description == "old");
  CHECK(after.client.owner_username == "alice");
  CHECK(after.client.scope == std::vector<std::string>{"read"});
  CHECK_FALSE(admin::update_client(f.context, "build", change).changed);
}

TEST_CASE("a client is found by id, by name, by a prefix of six, and ambiguity names the ids") {
  Fixture f;
  auto wanted = f.machine("one");
  wanted.id = "abcdef-1";
  admin::create_client(f.context, wanted);
  wanted.name = "two";
  wanted.id = "abcdef-2";
  admin::create_client(f.context, wanted);
  CHECK(admin::require_client(f.context, "abcdef-1").name == "one");
  CHECK(admin::require_client(f.context, "two").id == "abcdef-2");
  CHECK_THROWS_AS(admin::require_client(f.context, "abcde"), admin::NotFound);
  CHECK_THROWS_WITH_AS(admin::require_client(f.context, "abcdef"), doctest::Contains("abcdef-2"),
                       admin::Ambiguous);
}

TEST_CASE("a rotated secret ends the old one now, or after the overlap") {
  Fixture f;
  const auto first = admin::create_client(f.context, f.machine());
  const auto second = admin::rotate_client_secret(f.context, "ci", 60);
  CHECK(admin::verify_client_secret(f.context, "ci", *first.secret));
  CHECK(admin::verify_client_secret(f.context, "ci", second.secret));
  f.context.now += 60;
  CHECK_FALSE(admin::verify_client_secret(f.context, "ci", *first.secret));
  const auto third = admin::rotate_client_secret(f.context, "ci", std::nullopt);
  CHECK_FALSE(admin::verify_client_secret(f.context, "ci", second.secret));
  CHECK(admin::verify_client_secret(f.context, "ci", third.secret));
}

TEST_CASE("a client that becomes public loses its secrets") {
  Fixture f;
  auto wanted = f.machine();
  wanted.fields.grant_types = {"authorization_code"};
  wanted.fields.redirect_uris = {"https://app.example.org/cb"};
  const auto made = admin::create_client(f.context, wanted);
  admin::ClientFields change;
  change.is_public = true;
  admin::update_client(f.context, "ci", change);
  CHECK(admin::list_client_secrets(f.context, "ci").empty());
  change.is_public = false;
  admin::update_client(f.context, "ci", change);
  CHECK_FALSE(admin::verify_client_secret(f.context, "ci", *made.secret));
}

TEST_CASE("a scope in use is not deleted") {
  Fixture f;
  admin::create_client(f.context, f.machine());
  CHECK_THROWS_AS(admin::delete_scope(f.context, "read"), admin::AlreadyExists);
  admin::delete_client(f.context, "ci");
  CHECK_NOTHROW(admin::delete_scope(f.context, "read"));
}

TEST_CASE("an unknown scope is refused with the nearest name") {
  Fixture f;
  auto wanted = f.machine();
  wanted.fields.scope = {"raed"};
  try {
    admin::create_client(f.context, wanted);
    FAIL("it was made");
  } catch (const admin::Refused& refusal) {
    CHECK(refusal.hint == "did you mean 'read'?");
  }
}

TEST_CASE("a secret that is on its way out is not what an upsert with it wants") {
  Fixture f;
  auto wanted = f.machine();
  wanted.secret = std::string(40, 'a');
  wanted.if_exists = IfExists::update;
  admin::create_client(f.context, wanted);
  admin::rotate_client_secret(f.context, "ci", 3600);
  CHECK(admin::create_client(f.context, wanted).changed);
  f.context.now += 3600;
  CHECK(admin::verify_client_secret(f.context, "ci", std::string(40, 'a')));
}

TEST_CASE("a secret rotated without overlap stays dead when the clock is set back") {
  Fixture f;
  const auto made = admin::create_client(f.context, f.machine());
  admin::rotate_client_secret(f.context, "ci", {});
  f.context.now -= 86'400;
  CHECK_FALSE(admin::verify_client_secret(f.context, "ci", *made.secret));
}

TEST_CASE("naming grants switches on no response type that was left out before") {
  Fixture f;
  admin::NewClient wanted;
  wanted.name = "app";
  wanted.fields.grant_types = {"authorization_code", "implicit"};
  wanted.fields.response_types = {"code"};
  wanted.fields.redirect_uris = {"https://app.example.org/cb"};
  admin::create_client(f.context, wanted);
  admin::ClientFields change;
  change.grant_types = {"authorization_code", "implicit", "refresh_token"};
  CHECK(admin::update_client(f.context, "app", change).client.response_types ==
        std::vector<std::string>{"code"});
  change.grant_types = {"refresh_token"};
  CHECK(admin::update_client(f.context, "app", change).client.response_types.empty());
}

TEST_CASE("a scope made internal later is no obstacle to an update of something else") {
  Fixture f;
  admin::create_client(f.context, f.machine());
  admin::ScopeFields internal;
  internal.internal = true;
  admin::update_scope(f.context, "read", internal);
  admin::ClientFields change;
  change.description = "x";
  CHECK(admin::update_client(f.context, "ci", change).changed);
  change.scope = {"read"};
  CHECK_THROWS_AS(admin::update_client(f.context, "ci", change), admin::Refused);
}

TEST_CASE("a user's deletion leaves an audit row for each client that goes along") {
  Fixture f;
  auto wanted = f.machine();
  wanted.fields.owner = "alice";
  const auto made = admin::create_client(f.context, wanted);
  admin::delete_user(f.context, "alice");
  store::AuditFilter filter;
  filter.object = "client:" + made.client.id;
  const auto rows = admin::list_audit(f.context, filter);
  CHECK(rows.back().action == "client.delete");
}

TEST_CASE("the issuer that init stored is not exchanged in passing") {
  TemporaryFolder folder;
  Settings settings;
  settings.db = folder.path("oauth2.db");
  const auto init = [&](const char* issuer) {
    return admin::initialise(settings, 1000, "os:me", issuer, true, false).changed;
  };
  CHECK(init("https://a.example.org"));
  CHECK_FALSE(init("https://a.example.org"));
  CHECK_THROWS_AS(init("https://b.example.org"), admin::AlreadyExists);
}
