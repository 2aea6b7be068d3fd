#include "core/federation/provider_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/admin/error.h"
#include "core/admin/name.h"
#include "core/crypto/base64url.h"
#include "core/federation/endpoint.h"
#include "core/federation/icon.h"
#include "core/fetch/error.h"
#include "core/fetch/url.h"
#include "core/protocol/scope.h"
#include "core/text.h"

namespace oauth2::federation {
namespace {

using admin::Refused;
using P = store::Provider;
using F = ProviderFields;

constexpr std::size_t most_url_bytes = 2000;
constexpr std::size_t most_secret_bytes = 4096;

// What a provider may say itself in the place of its preset.
struct Own {
  std::string_view name;  // the flag has dashes: --token-url
  std::optional<std::string> F::*field;
  std::optional<std::string> P::*value;
  bool (*is_for)(const Preset&);  // of what protocol it is
  bool is_url = true;
};

bool is_oauth1(const Preset& preset) { return preset.kind == Kind::oauth1; }
bool is_not_oauth1(const Preset& preset) { return preset.kind != Kind::oauth1; }
bool is_github(const Preset& preset) { return preset.special == Special::github; }
bool reads_userinfo(const Preset& preset) { return preset.special != Special::orcid; }
bool is_any(const Preset&) { return true; }

constexpr std::array<Own, 7> own_values = {{
    {"issuer", &F::issuer, &P::issuer, is_not_oauth1},
    {"authorize_url", &F::authorize_url, &P::authorize_url, is_any},
    {"token_url", &F::token_url, &P::token_url, is_any},
    {"userinfo_url", &F::userinfo_url, &P::userinfo_url, reads_userinfo},
    {"emails_url", &F::emails_url, &P::emails_url, is_github},
    {"request_token_url", &F::request_token_url, &P::request_token_url, is_oauth1},
    {"signature_method", &F::signature_method, &P::signature_method, is_oauth1, false},
}};

std::string flag_of(std::string_view name) {
  std::string flag = "--" + std::string(name);
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

void require_url(const std::string& flag, const std::string& url) {
  if (url.size() > most_url_bytes)
    throw Refused(fmt::format("{} is longer than {} bytes", flag, most_url_bytes));
  try {
    const fetch::Url parsed = fetch::parse_url(url);
    if (flag == "--issuer" && (!parsed.query.empty() || url.ends_with('?')))
      throw Refused("--issuer: an issuer has no query");
  } catch (const fetch::Error& error) {
    throw Refused(fmt::format("{}: {}", flag, error.what()));
  }
}

void set(std::optional<std::string>& to, const std::optional<std::string>& from) {
  if (from) to = from->empty() ? std::nullopt : from;
}

void set_own_values(P& provider, const F& fields, const Preset& preset) {
  for (const Own& own : own_values) {
    const auto& value = fields.*own.field;
    set(provider.*own.value, value);
    if (!value || value->empty()) continue;
    const std::string flag = flag_of(own.name);
    if (!own.is_for(preset)) throw Refused(fmt::format("the preset {} has no use for {}", preset.name, flag));
    if (own.is_url) require_url(flag, *value);
  }
  const auto& method = provider.signature_method;
  if (method && *method != "HMAC-SHA1" && *method != "PLAINTEXT") {
    throw Refused(fmt::format("'{}' is not HMAC-SHA1 or PLAINTEXT", text::escape_controls(*method)));
  }
}

void set_scope(P& provider, const F& fields, const Preset& preset) {
  if (!fields.scope) return;
  provider.scope.reset();
  if (fields.scope->empty()) return;
  if (preset.kind == Kind::oauth1) throw Refused("OAuth 1.0a has no scope");
  const auto words = protocol::parse_scope(text::join(*fields.scope));
  if (!words) throw Refused("a scope has a character that none may have (RFC 6749 section 3.3)");
  if (preset.kind == Kind::oidc && std::find(words->begin(), words->end(), "openid") == words->end())
    throw Refused("OpenID Connect needs the scope openid among them", "--scope openid");
  provider.scope = *words;
}

void set_texts(P& provider, const F& fields) {
  if (fields.client_id) {
    admin::require_name("the client id", *fields.client_id, 500);
    provider.client_id = *fields.client_id;
  }
  if (fields.title && !fields.title->empty()) admin::require_name("the title", *fields.title, 60);
  set(provider.title, fields.title);
  if (fields.description && !fields.description->empty())
    admin::require_name("the description", *fields.description, 200);
  set(provider.description, fields.description);
  if (!fields.icon) return;
  provider.icon.reset();
  if (fields.icon->empty()) return;
  if (fields.icon->size() > most_icon_bytes)
    throw Refused(fmt::format("the icon is larger than {} kB", most_icon_bytes / 1024));
  if (!icon_type(*fields.icon)) throw Refused("the icon is no PNG, SVG, ICO or WebP image");
  provider.icon = crypto::base64(*fields.icon);
}

void require_needed(const P& provider, const Preset& preset) {
  for (const Own& own : own_values) {
    const bool is_needed =
        std::find(preset.needed.begin(), preset.needed.end(), own.name) != preset.needed.end();
    if (is_needed && !(provider.*own.value))
      throw Refused(fmt::format("the preset {} needs {}", preset.name, flag_of(own.name)));
  }
}

}  // namespace

void require_provider_name(std::string_view name) {
  const bool is_fit = !name.empty() && name.size() <= 40 && name.front() != '-' && name.back() != '-' &&
                      std::all_of(name.begin(), name.end(), [](char c) {
                        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                      });
  if (!is_fit) {
    throw Refused(
        "a provider's name stands in URLs: 1 to 40 of a-z, 0-9 and '-', which neither starts nor ends it");
  }
}

const Preset& require_preset(std::string_view name) {
  if (const Preset* preset = find_preset(name)) return *preset;
  std::vector<std::string> known;
  for (const Preset& preset : all_presets()) known.emplace_back(preset.name);
  const std::string nearest = text::nearest(name, known);
  throw Refused(fmt::format("there is no preset '{}'", text::escape_controls(name)),
                nearest.empty() ? text::join(known, ", ") : fmt::format("did you mean {}?", nearest));
}

void require_provider_secret(std::string_view secret) {
  if (secret.empty()) throw Refused("the secret is empty");
  if (secret.size() > most_secret_bytes)
    throw Refused(fmt::format("the secret is longer than {} bytes", most_secret_bytes));
  if (!text::is_utf8(secret) || text::has_control(secret))
    throw Refused("the secret has a control character in it, or is not valid UTF-8");
}

P with_fields(P provider, const F& fields) {
  const Preset& preset = require_preset(provider.preset);
  set_texts(provider, fields);
  set_own_values(provider, fields, preset);
  set_scope(provider, fields, preset);
  if (fields.hidden) provider.hidden = *fields.hidden;
  if (fields.link_only) provider.link_only = *fields.link_only;
  if (fields.signup) {
    if (*fields.signup != "auto" && *fields.signup != "ask" && *fields.signup != "off")
      throw Refused(fmt::format("'{}' is not auto, ask or off", text::escape_controls(*fields.signup)));
    provider.signup = *fields.signup;
  }
  if (fields.trust_email) provider.trust_email = *fields.trust_email;
  if (provider.trust_email && preset.special != Special::github && preset.email_verified.empty()) {
    throw Refused(fmt::format("{} never says that it verified an e-mail: there is nothing to trust",
                              preset.title.empty() ? preset.name : preset.title));
  }
  require_needed(provider, preset);
  return provider;
}

}  // namespace oauth2::federation
