#include "server/route_table.h"

#include <algorithm>
#include <unordered_map>

#include "server/account_page.h"
#include "server/endpoints/endpoints.h"
#include "server/endpoints/pages.h"

namespace oauth2::server {
namespace {

constexpr std::string_view id_mark = "{id}";
constexpr std::size_t longest_id = 100;

Route page(std::string_view method, std::string_view path, void (*answer)(Visit&)) {
  return {method, path, nullptr, Challenge::none, Cors::nobody, answer, true, false};
}

Route account(std::string_view method, std::string_view path, void (*answer)(Visit&)) {
  return {method, path, nullptr, Challenge::none, Cors::nobody, answer, true, true};
}

struct Places {
  std::unordered_map<std::string_view, Place> exact;
  std::vector<Place> with_id;
};

void add(Place& place, const Route& route) {
  place.path = route.path;
  place.routes.push_back(&route);
  place.allow.clear();
  for (const Route* each : place.routes) {
    if (each->method == any_method) {
      place.allow += "GET, HEAD, POST, PUT, PATCH, DELETE, ";
    } else {
      place.allow += each->method == "GET" ? "GET, HEAD, " : std::string(each->method) + ", ";
    }
  }
  place.allow += "OPTIONS";
}

Place& place_with_id(std::vector<Place>& places, std::string_view path) {
  const auto found =
      std::find_if(places.begin(), places.end(), [&](const Place& each) { return each.path == path; });
  return found == places.end() ? places.emplace_back() : *found;
}

const Places& places() {
  static const Places all = [] {
    Places made;
    for (const Route& route : routes()) {
      const bool has_id = route.path.find(id_mark) != std::string_view::npos;
      add(has_id ? place_with_id(made.with_id, route.path) : made.exact[route.path], route);
    }
    return made;
  }();
  return all;
}

bool is_id(std::string_view word) {
  const bool is_dots = word.find_first_not_of('.') == word.npos;
  return !is_dots && word.size() <= longest_id && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  });
}

// What stands at {id} in `path`; "" when it is another path.
std::string_view id_in(std::string_view path, std::string_view pattern) {
  const auto mark = pattern.find(id_mark);
  const std::string_view before = pattern.substr(0, mark);
  const std::string_view after = pattern.substr(mark + id_mark.size());
  if (path.size() <= before.size() + after.size()) return "";
  if (!path.starts_with(before) || !path.ends_with(after)) return "";
  const std::string_view word = path.substr(before.size(), path.size() - before.size() - after.size());
  return is_id(word) ? word : "";
}

Found find_as_it_stands(std::string_view path) {
  const auto exact = places().exact.find(path);
  if (exact != places().exact.end()) return {&exact->second, "", false};
  for (const Place& place : places().with_id) {
    if (const auto id = id_in(path, place.path); !id.empty()) return {&place, std::string(id), false};
  }
  return {};
}

}  // namespace

const std::vector<Route>& routes() {
  static const std::vector<Route> table = {
      {"POST", "/oauth/token", token_endpoint, Challenge::basic, Cors::public_clients},
      {"POST", "/oauth/introspect", introspect_endpoint, Challenge::basic, Cors::nobody},
      {"POST", "/oauth/revoke", revoke_endpoint, Challenge::basic, Cors::public_clients},
      {"POST", "/oauth/device_authorization", device_authorization_endpoint, Challenge::basic, Cors::nobody},
      {"GET", "/oauth/ping", ping_endpoint, Challenge::bearer, Cors::nobody},
      {"POST", "/oauth/ping", ping_endpoint, Challenge::bearer, Cors::nobody},
      {"GET", "/oauth/info", info_endpoint, Challenge::bearer, Cors::nobody},
      {any_method, "/oauth/check", check_endpoint, Challenge::check, Cors::nobody},
      {"GET", metadata_path, metadata_endpoint, Challenge::none, Cors::everybody},
      {"GET", "/oauth/jwks", jwks_endpoint, Challenge::none, Cors::everybody},
      {"POST", "/oauth/par", par_endpoint, Challenge::basic, Cors::public_clients},
      page("GET", "/oauth/authorize", authorize_page),
      page("POST", "/oauth/authorize", authorize_form),
      page("GET", "/oauth/errors", errors_page),
      {"GET", "/oauth/csrf", nullptr, Challenge::none, Cors::nobody, csrf_endpoint},
      page("GET", "/login", login_page),
      page("POST", "/login", login_form),
      page("GET", "/logout", logout_page),
      page("POST", "/logout", logout_form),
      page("GET", "/oauth/login/{id}", remote_login_page),
      page("POST", "/oauth/login/{id}", remote_login_form),
      page("GET", "/oauth/authorized/{id}", remote_callback_page),
      page("GET", "/oauth/signup/{id}", signup_page),
      page("POST", "/oauth/signup/{id}", signup_form),
      page("POST", "/oauth/disconnect/{id}", disconnect_form),
      page("GET", "/device", device_page),
      page("POST", "/device", device_form),
      page("GET", "/reset", reset_page),
      page("POST", "/reset", reset_form),
      page("GET", "/", home_page),
      account("GET", "/account/settings/applications/", applications_page),
      account("GET", linked_accounts_path, linked_accounts_page),
      account("GET", "/account/settings/security/", security_page),
      account("POST", "/account/settings/security/", security_form),
      account("GET", "/account/settings/security/sessions/{id}/", security_session_page),
      account("POST", "/account/settings/security/sessions/{id}/", security_session_form),
      account("GET", "/account/settings/applications/tokens/{id}/view/", authorized_page),
      account("GET", "/account/settings/applications/tokens/{id}/revoke/", authorized_revoke_page),
      account("POST", "/account/settings/applications/tokens/{id}/revoke/", authorized_revoke_form),
      account("GET", "/account/settings/applications/clients/new/", client_new_page),
      account("POST", "/account/settings/applications/clients/new/", client_new_form),
      account("GET", "/account/settings/applications/clients/{id}/", client_page),
      account("POST", "/account/settings/applications/clients/{id}/", client_form),
      account("GET", "/account/settings/applications/clients/{id}/delete/", client_delete_page),
      account("GET", "/account/settings/applications/tokens/new/", new_personal_token_page),
      account("POST", "/account/settings/applications/tokens/new/", new_personal_token_form),
      account("GET", "/account/settings/applications/tokens/{id}/", personal_token_page),
      account("POST", "/account/settings/applications/tokens/{id}/", personal_token_form),
      account("GET", "/account/settings/applications/tokens/{id}/delete/", delete_personal_token_page),
      {"GET", "/healthz", healthz_endpoint, Challenge::none, Cors::nobody},
      {"GET", "/readyz", readyz_endpoint, Challenge::none, Cors::nobody},
  };
  return table;
}

const Route* Place::find(std::string_view method) const {
  const auto found = std::find_if(routes.begin(), routes.end(), [&](const Route* route) {
    return route->method == method || route->method == any_method ||
           (route->method == "GET" && method == "HEAD");
  });
  return found == routes.end() ? nullptr : *found;
}

Found find_place(std::string_view path) {
  Found found = find_as_it_stands(path);
  if (found.place || path.empty() || path.ends_with('/')) return found;
  found = find_as_it_stands(std::string(path) + "/");
  found.lacks_slash = found.place != nullptr;
  return found;
}

}  // namespace oauth2::server
