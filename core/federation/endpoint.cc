#include "core/federation/endpoint.h"

#include <fmt/format.h>

#include <optional>
#include <stdexcept>
#include <string_view>

#include "core/text.h"

namespace oauth2::federation {
namespace {

std::string own_or(const std::optional<std::string>& own, std::string_view preset) {
  return own ? *own : std::string(preset);
}

const Preset& preset_of(const store::Provider& provider) {
  if (const Preset* preset = find_preset(provider.preset)) return *preset;
  throw std::runtime_error(
      fmt::format("provider {} has the preset {}, which is not known here", provider.name, provider.preset));
}

std::string emails_url_of(const store::Provider& provider, const Preset& preset,
                          const std::string& userinfo_url) {
  if (provider.emails_url || preset.special != Special::github)
    return own_or(provider.emails_url, preset.emails_url);
  return userinfo_url + "/emails";
}

}  // namespace

Resolved resolve_public(const store::Provider& provider) {
  const Preset& preset = preset_of(provider);
  Resolved out;
  out.preset = &preset;
  out.name = provider.name;
  out.title = own_or(provider.title, preset.title.empty() ? std::string_view(provider.name) : preset.title);
  out.issuer = own_or(provider.issuer, preset.issuer);
  out.authorize_url = own_or(provider.authorize_url, preset.authorize_url);
  out.token_url = own_or(provider.token_url, preset.token_url);
  out.userinfo_url = own_or(provider.userinfo_url, preset.userinfo_url);
  out.emails_url = emails_url_of(provider, preset, out.userinfo_url);
  out.request_token_url = own_or(provider.request_token_url, preset.request_token_url);
  out.signature_method = own_or(provider.signature_method, preset.signature_method);
  out.scope = provider.scope ? *provider.scope : text::words(preset.scope);
  out.client_id = provider.client_id;
  return out;
}

Resolved resolve(const store::Provider& provider, const ServerKey& key) {
  Resolved out = resolve_public(provider);
  out.client_secret = open_provider_secret(key, provider);
  return out;
}

}  // namespace oauth2::federation
