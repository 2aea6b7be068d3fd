#include "core/federation/providers.h"

#include <doctest/doctest.h>

#include <functional>

#include "core/admin/error.h"
#include "core/admin/maintenance.h"
#include "core/federation/endpoint.h"
#include "core/federation/icon.h"
#include "core/server_key.h"
#include "tests/federation/fixture.h"

using namespace oauth2;
using federation::NewProvider;
using federation::ProviderFields;

namespace {

struct Fixture : FederationFixture {
  std::size_t audit_rows() const { return admin::list_audit(context, {}).size(); }

  // Whether a provider of `preset` with what `change` does to it is refused.
  bool refused(const std::string& preset, const std::function<void(NewProvider&)>& change) const {
    NewProvider made = wanted("x", preset);
    change(made);
    const std::size_t before = audit_rows();
    try {
      federation::create_provider(context, made);
    } catch (const admin::Refused&) {
      CHECK(audit_rows() == before);
      CHECK(federation::list_providers(context).empty());
      return true;
    }
    federation::delete_provider(context, "x");
    return false;
  }
};

}  // namespace

TEST_CASE("a provider is stored with its secret sealed, and an audit row that does not have it") {
  Fixture f;
  const auto made = federation::create_provider(f.context, f.wanted("github"));
  CHECK(made.changed);
  CHECK(made.provider.signup == "auto");
  CHECK(made.provider.secret_sealed.find("SECRET") == std::string::npos);
  const auto there = federation::require_provider(f.context, "github");
  CHECK(federation::resolve(there, f.key()).client_secret == "client-SECRET");
  const auto rows = admin::list_audit(f.context, {});
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].action == "provider.create");
  CHECK(rows[0].object == "provider:github");
  CHECK_THROWS_AS(federation::require_provider(f.context, "GitHub"), admin::NotFound);
}

TEST_CASE("a value that cannot be is refused, and nothing is stored") {
  Fixture f;
  const auto with = [](auto member, const std::string& value) {
    return [=](NewProvider& made) { made.fields.*member = value; };
  };
  using F = ProviderFields;
  CHECK_FALSE(f.refused("github", [](NewProvider&) {}));
  for (const char* name : {"", "-a", "a-", "A", "a_b", "a/b", "a b", "a.b", "ä"}) {
    CAPTURE(name);
    CHECK(f.refused("github", [&](NewProvider& made) { made.name = name; }));
  }
  CHECK(f.refused("github", [](NewProvider& made) { made.name = std::string(41, 'a'); }));
  CHECK(f.refused("nowhere", [](NewProvider&) {}));
  for (const char* url :
       {"http://example.org/t", "ftp://example.org", "https://", "/t", "https://u@example.org/t",
        "https://example.org/t#f", "javascript:alert(1)", "https://example.org/\nt"}) {
    CAPTURE(url);
    CHECK(f.refused("github", with(&F::token_url, url)));
    CHECK(f.refused("oidc", with(&F::issuer, url)));
  }
  CHECK(f.refused("github", with(&F::token_url, "https://example.org/" + std::string(2000, 'a'))));
  CHECK(f.refused("oidc", with(&F::issuer, "https://example.org/?a=b")));
  CHECK_FALSE(f.refused("oidc", with(&F::issuer, "https://example.org/")));
  CHECK_FALSE(f.refused("github", with(&F::token_url, "http://[::1]:8080/t?x=y")));
  CHECK(f.refused("github", with(&F::secret, "")));
  CHECK(f.refused("github", with(&F::secret, "two\nlines")));
  CHECK_FALSE(f.refused("github", with(&F::secret, "x")));
  CHECK_FALSE(f.refused("github", with(&F::secret, std::string(4096, 'x'))));
  CHECK(f.refused("github", with(&F::secret, std::string(4097, 'x'))));
  CHECK(f.refused("github", with(&F::client_id, " x")));
  CHECK(f.refused("github", with(&F::title, std::string(61, 'x'))));
  CHECK(f.refused("github", with(&F::signup, "")));
  CHECK(f.refused("github", with(&F::icon, "GIF89a")));
  CHECK(f.refused("github", with(&F::icon, "\x89PNG\r\n\x1a\n" + std::string(32'768, 'x'))));
  CHECK(f.refused("github", [](NewProvider& made) { made.fields.scope = {{"a\"b"}}; }));
  CHECK(f.refused("github", [](NewProvider& made) { made.fields.client_id.reset(); }));
  CHECK(f.refused("github", [](NewProvider& made) { made.fields.secret.reset(); }));
}

TEST_CASE("what a preset has no use for is refused instead of left unread") {
  Fixture f;
  using F = ProviderFields;
  const auto url = [](auto member) {
    return [=](NewProvider& made) {
      if (made.preset == "oidc") made.fields.issuer = "https://example.org";
      made.fields.*member = "https://example.org/there";
    };
  };
  CHECK(f.refused("github", url(&F::request_token_url)));
  CHECK(f.refused("oidc", url(&F::emails_url)));
  CHECK(f.refused("orcid", url(&F::userinfo_url)));
  CHECK_FALSE(f.refused("orcid", url(&F::token_url)));
  CHECK_FALSE(f.refused("github", url(&F::emails_url)));
  CHECK_FALSE(f.refused("github", url(&F::issuer)));
  CHECK(f.refused("google", [](NewProvider& made) { made.fields.scope = {{"email"}}; }));
  CHECK(f.refused("globus", [](NewProvider& made) { made.fields.trust_email = true; }));
  CHECK_FALSE(f.refused("github", [](NewProvider& made) { made.fields.trust_email = true; }));
  const auto oauth1 = [](NewProvider& made) {
    for (const auto member : {&F::request_token_url, &F::authorize_url, &F::token_url, &F::userinfo_url})
      made.fields.*member = "https://example.org/there";
  };
  CHECK_FALSE(f.refused("oauth1", oauth1));
  for (const auto member : {&F::request_token_url, &F::authorize_url, &F::token_url, &F::userinfo_url}) {
    CHECK(f.refused("oauth1", [&](NewProvider& made) {
      oauth1(made);
      (made.fields.*member).reset();
    }));
  }
  CHECK(f.refused("oauth1", [&](NewProvider& made) {
    oauth1(made);
    made.fields.signature_method = "RSA-SHA1";
  }));
  CHECK_FALSE(f.refused("oauth1", [&](NewProvider& made) {
    oauth1(made);
    made.fields.signature_method = "PLAINTEXT";
  }));
  CHECK(f.refused("oauth1", [&](NewProvider& made) {
    oauth1(made);
    made.fields.scope = {{"read"}};
  }));
}

TEST_CASE("an update touches what is named alone, and one that changes nothing leaves no audit row") {
  Fixture f;
  NewProvider made = f.wanted("github");
  made.fields.title = "Our GitHub";
  made.fields.hidden = true;
  federation::create_provider(f.context, made);
  ProviderFields fields;
  fields.trust_email = true;
  fields.secret = "client-SECRET";
  const auto updated = federation::update_provider(f.context, "github", fields);
  CHECK(updated.changed);
  CHECK(updated.provider.title == "Our GitHub");
  CHECK(updated.provider.hidden);
  CHECK(updated.provider.trust_email);
  CHECK(f.audit_rows() == 2);
  CHECK_FALSE(federation::update_provider(f.context, "github", fields).changed);
  CHECK_FALSE(federation::enable_provider(f.context, "github").changed);
  CHECK(f.audit_rows() == 2);
  fields = {};
  fields.secret = "another-SECRET";
  fields.title = "";
  CHECK(federation::update_provider(f.context, "github", fields).changed);
  const auto there = federation::require_provider(f.context, "github");
  CHECK_FALSE(there.title.has_value());
  CHECK(federation::resolve(there, f.key()).client_secret == "another-SECRET");
}

TEST_CASE("--upsert never makes a provider another service's") {
  Fixture f;
  federation::create_provider(f.context, f.wanted("there"));
  NewProvider other = f.wanted("there", "google");
  other.if_exists = admin::IfExists::update;
  CHECK_THROWS_AS(federation::create_provider(f.context, other), admin::AlreadyExists);
  other.if_exists = admin::IfExists::keep;
  CHECK(federation::create_provider(f.context, other).provider.preset == "github");
}

TEST_CASE("a change of where subjects come from says how many accounts it concerns") {
  Fixture f;
  federation::create_provider(f.context, f.wanted("github"));
  f.link("r1", "github", f.add_user("alice"));
  ProviderFields fields;
  fields.authorize_url = "https://github.example/authorize";
  CHECK(federation::update_provider(f.context, "github", fields).stranded == 0);
  fields.userinfo_url = "https://github.example/user";
  CHECK(federation::update_provider(f.context, "github", fields).stranded == 1);
}

TEST_CASE("a secret that was sealed under a lost server's key is replaced by the same one") {
  Fixture f;
  federation::create_provider(f.context, f.wanted("github"));
  ::setenv("OAUTH2_TEST_SERVER_KEY", "another server's key, which is long enough", 1);
  const auto there = federation::require_provider(f.context, "github");
  CHECK_THROWS_AS(federation::resolve(there, f.key()), federation::CannotOpen);
  ProviderFields fields;
  fields.secret = "client-SECRET";
  CHECK(federation::update_provider(f.context, "github", fields).changed);
  CHECK(federation::resolve(federation::require_provider(f.context, "github"), f.key()).client_secret ==
        "client-SECRET");
}

TEST_CASE("without a server's key no provider is made") {
  Fixture f;
  f.settings.server_key = "env:OAUTH2_TEST_NO_SUCH_VARIABLE";
  CHECK_THROWS_AS(federation::create_provider(f.context, f.wanted("github")), ServerKeyError);
  CHECK(federation::list_providers(f.context).empty());
}

TEST_CASE("an icon is known by its first bytes, and an SVG with a document type is none") {
  using federation::icon_type;
  using namespace std::string_view_literals;
  CHECK(icon_type("\x89PNG\r\n\x1a\n...") == "image/png");
  CHECK(icon_type("RIFF\x01\x02\x03\x04WEBPVP8 "sv) == "image/webp");
  CHECK(icon_type("\0\0\1\0\1\0"sv) == "image/x-icon");
  for (const char* svg : {"<svg>", "<svg xmlns=''/>", "<?xml version='1.0'?>\n<svg >",
                          "\xEF\xBB\xBF<!-- a --> <!-- b -->\n<svg\n>"}) {
    CAPTURE(svg);
    CHECK(icon_type(svg) == "image/svg+xml");
  }
  for (const std::string_view none :
       {""sv, "GIF89a"sv, "<html><svg>"sv, "<svgx>"sv, "<!DOCTYPE svg><svg>"sv, "<!-- <svg>"sv,
        "RIFF1234WAVE"sv, "<svg>\0</svg>"sv, "<svg>\xFF</svg>"sv, "\0\0\2\0"sv}) {
    CAPTURE(none);
    CHECK_FALSE(icon_type(none).has_value());
  }
}
