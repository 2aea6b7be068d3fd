#include <fmt/format.h>

#include <algorithm>

#include "core/account/authorized_applications.h"
#include "core/account/clients.h"
#include "core/account/personal_tokens.h"
#include "core/account/scopes.h"
#include "server/account_page.h"
#include "server/endpoints/pages.h"
#include "server/shown_time.h"

namespace oauth2::server {
namespace {

constexpr std::size_t rows_a_page = 20;
constexpr std::size_t most_scopes = 4;  // that a row names
constexpr std::int64_t soon = 7 * 86'400;

// Of the query, of the view's names, and of elements.
const std::vector<std::string>& panels() {
  static const std::vector<std::string> names = {"clients", "tokens", "authorized"};
  return names;
}

// The rows of the page that the query asks for. Behind the last page nothing is found: then the last one's.
template <class List>
auto rows_of(const Visit& visit, View& view, const std::string& panel, List&& list) {
  const store::Page asked = asked_page(visit, rows_a_page, panel);
  auto listing = list(asked);
  const Paging paging = read_paging(visit, static_cast<std::size_t>(listing.total), rows_a_page, panel);
  const auto first = static_cast<std::int64_t>(paging.first);
  if (first != asked.offset) listing = list(store::Page{asked.limit, first});
  set_paging(visit, view, paging, applications_path, panel, panels());
  return std::move(listing.rows);
}

void set_few_scopes(const Visit& visit, View& view, const std::vector<std::string>& scopes) {
  const std::size_t named = scopes.size() > most_scopes + 1 ? most_scopes : scopes.size();
  std::vector<View> shown;
  for (std::size_t i = 0; i < named; ++i) shown.push_back(View().set("name", scopes[i]));
  view.set("scopes", std::move(shown));
  if (named == scopes.size()) return;
  const std::string more = fmt::format("{}", scopes.size() - named);
  view.set("more_scopes", visit.text("applications_scopes_more", {{"count", more}}));
}

View client_item(const Visit& visit, const store::Client& client) {
  View view;
  view.set("name", client.name);
  view.set("url", fmt::format("{}clients/{}/", applications_path, client.id));
  view.set("client_id", client.id);
  view.set("is_public", client.is_public());
  view.set("is_disabled", client.is_disabled());
  set_date(visit, view, "created", client.created_at);
  return view;
}

View token_item(const Visit& visit, const store::Token& token, const std::vector<std::string>& internal) {
  View view;
  view.set("name", token.name.value_or(token.id));
  view.set("url", fmt::format("{}tokens/{}/", applications_path, token.id));
  set_few_scopes(visit, view, account::shown_scopes(token.scope, internal));
  set_date(visit, view, "created", token.created_at);
  if (token.last_used_at) set_time_ago(visit, view, "used", *token.last_used_at);
  if (token.expires_at) set_date(visit, view, "expires", *token.expires_at);
  const bool is_expired = token.expires_at && *token.expires_at <= visit.context.now;
  const bool is_replaced = token.rotated_at.has_value();
  view.set("is_expired", is_expired);
  view.set("is_replaced", is_replaced);
  view.set("expires_soon",
           token.expires_at && !is_expired && !is_replaced && *token.expires_at - visit.context.now <= soon);
  return view;
}

View authorized_item(const Visit& visit, const store::Consent& consent,
                     const std::vector<std::string>& internal) {
  const std::string url = fmt::format("{}tokens/{}/", applications_path, consent.id);
  View view;
  view.set("name", consent.client_name);
  view.set("url", url + "view/");
  view.set("revoke_url", url + "revoke/");
  set_few_scopes(visit, view, account::shown_scopes(consent.allowed_scope, internal));
  set_date(visit, view, "since", consent.created_at);
  if (consent.last_used_at) set_time_ago(visit, view, "used", *consent.last_used_at);
  return view;
}

template <class Rows, class Item>
std::vector<View> items_of(const Rows& rows, Item&& item) {
  std::vector<View> items;
  std::transform(rows.begin(), rows.end(), std::back_inserter(items), item);
  return items;
}

void set_clients(const Visit& visit, View& view) {
  const std::string& who = visit.context.settings.account_applications;
  view.set("clients_panel", account::is_shown(who));
  if (account::is_changed_by_users(who))
    view.set("new_client_url", fmt::format("{}clients/new/", applications_path));
  const auto clients = rows_of(visit, view, "clients", [&](const store::Page& page) {
    return account::list_clients(visit.context, visit.user->id, page);
  });
  view.set("clients", items_of(clients, [&](const auto& client) { return client_item(visit, client); }));
}

void set_tokens(const Visit& visit, View& view, const std::vector<std::string>& internal) {
  const std::string& who = visit.context.settings.account_personal_tokens;
  view.set("tokens_panel", account::is_shown(who));
  if (account::is_changed_by_users(who))
    view.set("new_token_url", fmt::format("{}tokens/new/", applications_path));
  const auto tokens = rows_of(visit, view, "tokens", [&](const store::Page& page) {
    return account::list_personal_tokens(visit.context, visit.user->id, page);
  });
  view.set("tokens", items_of(tokens, [&](const auto& token) { return token_item(visit, token, internal); }));
}

void set_authorized(const Visit& visit, View& view, const std::vector<std::string>& internal) {
  const auto consents = rows_of(visit, view, "authorized", [&](const store::Page& page) {
    return account::list_authorized_applications(visit.context, visit.user->id, page);
  });
  view.set("authorized", items_of(consents, [&](const auto& consent) {
             return authorized_item(visit, consent, internal);
           }));
}

}  // namespace

void applications_page(Visit& visit) {
  const auto internal = account::list_internal_scopes(visit.context);
  View view;
  view.set("notice", shown_notice(visit, {"client_deleted", "personal_token_deleted", "authorized_revoked"}));
  set_clients(visit, view);
  set_tokens(visit, view, internal);
  set_authorized(visit, view, internal);
  write_account_page(visit, 200, "applications", std::move(view));
}

}  // namespace oauth2::server
