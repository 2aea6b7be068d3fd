#include "server/provider_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/federation/endpoint.h"
#include "core/federation/icon.h"
#include "core/protocol/redirect_uri.h"

namespace oauth2::server {

std::string shown_title(const store::Provider& provider) {
  // One of a newer version's presets is shown too, by its name.
  return federation::find_preset(provider.preset) ? federation::resolve_public(provider).title
                                                  : provider.title.value_or(provider.name);
}

View provider_view(const store::Provider& provider) {
  View view;
  view.set("title", shown_title(provider));
  if (const auto type = federation::stored_icon_type(provider.icon))
    view.set("icon", fmt::format("data:{};base64,{}", *type, *provider.icon));
  return view;
}

std::vector<store::Provider> list_sign_in_providers(const Visit& visit) {
  auto providers = visit.context.db.read_latest(
      [](db::Connection& connection) { return store::list_providers(connection); });
  std::erase_if(providers, [](const store::Provider& each) {
    return !each.offers_sign_in() || !federation::find_preset(each.preset);
  });
  return providers;
}

std::string remote_login_path(const store::Provider& provider) { return "/oauth/login/" + provider.name; }

std::string form_target_of(const store::Provider& provider) {
  if (!federation::find_preset(provider.preset)) return "https:";
  const federation::Resolved resolved = federation::resolve_public(provider);
  return protocol::csp_source_of(resolved.authorize_url.empty() ? resolved.issuer : resolved.authorize_url);
}

}  // namespace oauth2::server
