#include "core/account/form.h"
#include "core/federation/accounts.h"
#include "core/federation/linked.h"
#include "server/account_page.h"
#include "server/endpoints/pages.h"
#include "server/form_message.h"
#include "server/provider_view.h"
#include "server/shown_time.h"

namespace oauth2::server {
namespace {

using federation::LinkedProvider;

// What people call it there; the subject is all that is known of some.
std::string shown_account(const store::RemoteAccount& account) {
  if (account.username) return *account.username;
  return account.email.value_or(account.subject);
}

View linked_view(const Visit& visit, const LinkedProvider& linked) {
  const auto& [provider, account, is_last_way_in] = linked;
  View view = provider_view(provider);
  view.set("description", provider.description.value_or(""));
  view.set("is_linked", account.has_value());
  view.set("is_only_linked", provider.link_only);
  view.set("is_last_way_in", is_last_way_in);
  view.set("is_unavailable", !provider.is_enabled());
  if (!account) return view.set("connect_action", remote_login_path(provider));
  view.set("account", shown_account(*account));
  set_date(visit, view, "linked", account->created_at);
  if (account->last_used_at) set_time_ago(visit, view, "used", *account->last_used_at);
  return view.set("disconnect_action", "/oauth/disconnect/" + provider.name);
}

void show_linked(Visit& visit, int status, const std::string& error = "") {
  const auto all = federation::list_linked(visit.context, visit.user->id);
  std::vector<View> shown;
  std::vector<std::string> form_targets;
  for (const LinkedProvider& linked : all) {
    shown.push_back(linked_view(visit, linked));
    if (!linked.account) form_targets.push_back(form_target_of(linked.provider));
  }
  View view = View().set("providers", std::move(shown));
  view.set("notice", shown_notice(visit, {"linked_account_added", "linked_account_removed"}));
  view.set("error", error);
  write_account_page(visit, status, "linked_accounts", std::move(view), form_targets);
}

}  // namespace

void linked_accounts_page(Visit& visit) { show_linked(visit, 200); }

// What is linked can be disconnected, whatever became of the provider.
void disconnect_form(Visit& visit) {
  if (!find_user(visit)) return redirect_to_path(visit, login_path(linked_accounts_path));
  read_account_form(visit, linked_accounts_path);
  const admin::Context context = account::acting(visit.context, visit.user->id);
  try {
    account::refusing_in_form([&] {
      return finding_own([&] { return federation::unlink_own_account(context, visit.user->id, visit.id); });
    });
    redirect_with_notice(visit, linked_accounts_path, "linked_account_removed");
  } catch (const account::FormError& error) {
    visit.note = error.what();
    show_linked(visit, 400, form_message(visit, error));
  }
}

}  // namespace oauth2::server
