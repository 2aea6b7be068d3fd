#include "core/federation/presets.h"

namespace oauth2::federation {
namespace {

constexpr std::string_view oidc_scope = "openid email profile";

// The services of one kind have most in common; a row says what is its own.
Preset oidc() {
  return {.name = "oidc",
          .title = "",
          .summary = "any OpenID provider, by discovery from --issuer",
          .kind = Kind::oidc,
          .scope = oidc_scope,
          .needed = {"issuer"}};
}

Preset known_issuer(std::string_view name, std::string_view title, std::string_view summary,
                    std::string_view issuer) {
  Preset preset = oidc();
  preset.name = name;
  preset.title = title;
  preset.summary = summary;
  preset.issuer = issuer;
  preset.needed = {};
  return preset;
}

Preset github() {
  return {.name = "github",
          .title = "GitHub",
          .summary = "github.com",
          .kind = Kind::oauth2,
          .special = Special::github,
          .authorize_url = "https://github.com/login/oauth/authorize",
          .token_url = "https://github.com/login/oauth/access_token",
          .userinfo_url = "https://api.github.com/user",
          .scope = "read:user user:email",
          .client_auth = ClientAuth::form,
          .subject = {"id"},
          .username = {"login"},
          .email_verified = {}};
}

Preset orcid() {
  return {.name = "orcid",
          .title = "ORCID",
          .summary = "orcid.org",
          .kind = Kind::oauth2,
          .special = Special::orcid,
          .authorize_url = "https://orcid.org/oauth/authorize",
          .token_url = "https://orcid.org/oauth/token",
          .scope = "/authenticate",
          .pkce = false,
          .client_auth = ClientAuth::form,
          .subject = {"orcid"},
          .username = {},
          .email = {},
          .email_verified = {}};
}

Preset orcid_sandbox() {
  Preset preset = orcid();
  preset.name = "orcid-sandbox";
  preset.title = "ORCID Sandbox";
  preset.summary = "sandbox.orcid.org, for trying out";
  preset.authorize_url = "https://sandbox.orcid.org/oauth/authorize";
  preset.token_url = "https://sandbox.orcid.org/oauth/token";
  return preset;
}

Preset gitlab() {
  Preset preset =
      known_issuer("gitlab", "GitLab", "gitlab.com, or another one by --issuer", "https://gitlab.com");
  preset.username = {"nickname"};
  return preset;
}

Preset keycloak() {
  Preset preset = oidc();
  preset.name = "keycloak";
  preset.summary = "a Keycloak realm: --issuer https://HOST/realms/REALM";
  return preset;
}

// Its ID tokens are signed with RS512, which we do not take; what userinfo says comes straight from it.
Preset globus() {
  return {.name = "globus",
          .title = "Globus",
          .summary = "globus.org",
          .kind = Kind::oauth2,
          .authorize_url = "https://auth.globus.org/v2/oauth2/authorize",
          .token_url = "https://auth.globus.org/v2/oauth2/token",
          .userinfo_url = "https://auth.globus.org/v2/oauth2/userinfo",
          .scope = oidc_scope,
          .email_verified = {}};
}

Preset oauth2() {
  return {.name = "oauth2",
          .title = "",
          .summary = "any OAuth 2.0 server with a userinfo document, all URLs given by hand",
          .kind = Kind::oauth2,
          .scope = "",
          .subject = {"sub", "id"},
          .username = {"preferred_username", "username", "login", "nickname"},
          .needed = {"authorize_url", "token_url", "userinfo_url"}};
}

Preset oauth1() {
  return {.name = "oauth1",
          .title = "",
          .summary = "any OAuth 1.0a server with a userinfo document, all URLs given by hand",
          .kind = Kind::oauth1,
          .signature_method = "HMAC-SHA1",
          .scope = "",
          .pkce = false,
          .subject = {"sub", "id"},
          .username = {"preferred_username", "username", "login", "nickname"},
          .needed = {"request_token_url", "authorize_url", "token_url", "userinfo_url"}};
}

}  // namespace

const std::vector<Preset>& all_presets() {
  static const std::vector<Preset> table = {
      github(),
      orcid(),
      orcid_sandbox(),
      known_issuer("google", "Google", "accounts.google.com", "https://accounts.google.com"),
      gitlab(),
      keycloak(),
      known_issuer("cern", "CERN", "auth.cern.ch", "https://auth.cern.ch/auth/realms/cern"),
      globus(),
      oidc(),
      oauth2(),
      oauth1(),
  };
  return table;
}

const Preset* find_preset(std::string_view name) {
  for (const Preset& preset : all_presets()) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

}  // namespace oauth2::federation
