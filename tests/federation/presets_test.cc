#include "core/federation/presets.h"

#include <doctest/doctest.h>

#include <functional>
#include <set>

#include "core/federation/endpoint.h"
#include "core/fetch/url.h"

using namespace oauth2;
using federation::Kind;
using federation::Preset;
using federation::Resolved;

namespace {

const federation::ServerKey key = federation::derive_server_key(std::string(32, 'k'));

// With what the preset does not know itself.
store::Provider provider(const Preset& preset) {
  store::Provider made;
  made.name = "there";
  made.preset = std::string(preset.name);
  made.client_id = "our id";
  made.secret_sealed = federation::seal_provider_secret(key, "there", "our secret");
  const auto is_needed = [&](std::string_view field) {
    return std::find(preset.needed.begin(), preset.needed.end(), field) != preset.needed.end();
  };
  if (is_needed("issuer")) made.issuer = "https://there.example.org";
  if (is_needed("authorize_url")) made.authorize_url = "https://there.example.org/authorize";
  if (is_needed("token_url")) made.token_url = "https://there.example.org/token";
  if (is_needed("userinfo_url")) made.userinfo_url = "https://there.example.org/me";
  if (is_needed("request_token_url")) made.request_token_url = "https://there.example.org/request";
  return made;
}

}  // namespace

TEST_CASE("every preset resolves to all that its protocol needs") {
  CHECK(federation::all_presets().size() == 11);
  std::set<std::string_view> names;
  for (const Preset& preset : federation::all_presets()) {
    CAPTURE(preset.name);
    names.insert(preset.name);
    CHECK(federation::find_preset(preset.name) == &preset);
    CHECK_FALSE(preset.summary.empty());
    const Resolved resolved = federation::resolve(provider(preset), key);
    CHECK(resolved.preset == &preset);
    CHECK(resolved.title == (preset.title.empty() ? "there" : preset.title));
    CHECK(resolved.client_id == "our id");
    CHECK(resolved.client_secret == "our secret");
    CHECK_FALSE(preset.subject.empty());
    if (preset.kind == Kind::oidc) {
      CHECK_FALSE(resolved.issuer.empty());
      CHECK(resolved.scope.front() == "openid");
    } else {
      CHECK_FALSE(resolved.authorize_url.empty());
      CHECK_FALSE(resolved.token_url.empty());
      CHECK(resolved.userinfo_url.empty() == (preset.special == federation::Special::orcid));
    }
    CHECK(resolved.request_token_url.empty() == (preset.kind != Kind::oauth1));
    CHECK(resolved.signature_method == (preset.kind == Kind::oauth1 ? "HMAC-SHA1" : ""));
    CHECK((preset.kind != Kind::oauth1 || !preset.pkce));
  }
  CHECK(names.size() == federation::all_presets().size());
  CHECK(federation::find_preset("nowhere") == nullptr);
}

TEST_CASE("every URL of a preset is one that may be fetched") {
  for (const Preset& preset : federation::all_presets()) {
    for (const std::string_view url :
         {preset.issuer, preset.authorize_url, preset.token_url, preset.userinfo_url, preset.emails_url}) {
      CAPTURE(url);
      if (!url.empty()) CHECK(fetch::parse_url(url).is_https);
    }
  }
}

TEST_CASE("what a provider says itself counts before its preset, each value by itself") {
  struct Value {
    std::optional<std::string> store::Provider::*own;
    std::string Resolved::*resolved;
  };
  using P = store::Provider;
  using R = Resolved;
  const std::vector<Value> values = {{&P::title, &R::title},
                                     {&P::issuer, &R::issuer},
                                     {&P::authorize_url, &R::authorize_url},
                                     {&P::token_url, &R::token_url},
                                     {&P::userinfo_url, &R::userinfo_url},
                                     {&P::emails_url, &R::emails_url},
                                     {&P::request_token_url, &R::request_token_url},
                                     {&P::signature_method, &R::signature_method}};
  for (const Preset& preset : federation::all_presets()) {
    const Resolved before = federation::resolve_public(provider(preset));
    for (const Value& changed : values) {
      CAPTURE(preset.name);
      store::Provider own = provider(preset);
      own.*changed.own = "http://127.0.0.1:8080/own";
      const Resolved after = federation::resolve_public(own);
      for (const Value& value : values) {
        const bool follows = changed.own == &P::userinfo_url && value.own == &P::emails_url &&
                             preset.special == federation::Special::github;
        const std::string expected = value.own == changed.own ? "http://127.0.0.1:8080/own"
                                     : follows                ? "http://127.0.0.1:8080/own/emails"
                                                              : before.*value.resolved;
        CHECK(after.*value.resolved == expected);
      }
      CHECK(after.scope == before.scope);
    }
  }
}

TEST_CASE("GitHub's e-mail addresses are read below its userinfo URL") {
  const auto resolved = federation::resolve_public(provider(*federation::find_preset("github")));
  CHECK(resolved.emails_url == "https://api.github.com/user/emails");
}

TEST_CASE("a scope of one's own takes the place of the preset's, an empty one too") {
  store::Provider own = provider(*federation::find_preset("orcid"));
  CHECK(federation::resolve_public(own).scope == std::vector<std::string>{"/authenticate"});
  own.scope = {"/read-limited"};
  CHECK(federation::resolve_public(own).scope == std::vector<std::string>{"/read-limited"});
  own.scope = std::vector<std::string>();
  CHECK(federation::resolve_public(own).scope.empty());
}

TEST_CASE("a provider's secret opens under the same server's key and the same name only") {
  store::Provider own = provider(*federation::find_preset("github"));
  CHECK(own.secret_sealed.find("our secret") == std::string::npos);
  CHECK(federation::resolve(own, key).client_secret == "our secret");
  const auto another = federation::derive_server_key(std::string(32, 'x'));
  CHECK_THROWS_AS(federation::resolve(own, another), federation::CannotOpen);
  own.name = "elsewhere";
  CHECK_THROWS_AS(federation::resolve(own, key), federation::CannotOpen);
  CHECK(key.provider_secrets != key.remote_tokens);
}

TEST_CASE("a preset that is not known here is no reason to guess one") {
  store::Provider own = provider(*federation::find_preset("github"));
  own.preset = "of a later version";
  CHECK_THROWS_AS(federation::resolve_public(own), std::runtime_error);
}
