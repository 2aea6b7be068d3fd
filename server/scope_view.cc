#include "server/scope_view.h"

#include <algorithm>

#include "core/text.h"

namespace oauth2::server {

View client_view(const store::Client& client) {
  View view;
  view.set("client_name", client.name);
  if (client.client_uri) view.set("client_uri", *client.client_uri);
  if (client.description) view.set("description", *client.description);
  if (client.owner_username) view.set("owner", *client.owner_username);
  return view;
}

void set_scopes(const Visit& visit, View& view, const std::vector<protocol::ConsentScope>& scopes) {
  std::vector<View> groups;
  std::vector<View> members;
  std::optional<std::string> title;
  const auto close_group = [&] {
    if (members.empty()) return;
    View group;
    // A heading above all there is would say nothing.
    const bool is_all = groups.empty() && members.size() == scopes.size();
    group.set("title", title.value_or(is_all ? "" : visit.text("consent_other_group")));
    group.set("scopes", std::move(members));
    groups.push_back(std::move(group));
    members.clear();
  };
  // Where everything is new, a mark would say nothing.
  const bool some_known =
      std::any_of(scopes.begin(), scopes.end(), [](const auto& each) { return !each.is_new; });
  for (const protocol::ConsentScope& each : scopes) {
    if (each.scope.group != title) close_group();
    title = each.scope.group;
    View scope;
    scope.set("name", each.scope.name);
    scope.set("description", each.scope.description);
    scope.set("is_new", each.is_new && some_known);
    members.push_back(std::move(scope));
  }
  close_group();
  view.set("no_scopes", scopes.empty());
  view.set("groups", std::move(groups));
}

// What people know of a web address; all else as it is.
static std::string host_of(const std::string& uri) {
  const auto authority = uri.find("://");
  if (authority == std::string::npos) return uri;
  const auto host = authority + 3;
  return uri.substr(host, uri.find_first_of("/?", host) - host);
}

void set_resources(View& view, const std::optional<std::string>& audience) {
  if (!audience) return;
  std::vector<std::string> hosts;
  for (const std::string& uri : text::words(*audience)) {
    std::string host = host_of(uri);
    if (std::find(hosts.begin(), hosts.end(), host) == hosts.end()) hosts.push_back(std::move(host));
  }
  view.set("resource_hosts", text::join(hosts, ", "));
}

}  // namespace oauth2::server
