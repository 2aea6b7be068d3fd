#include <fmt/format.h>

#include "core/account/authorized_applications.h"
#include "server/account_page.h"
#include "server/endpoints/pages.h"
#include "server/scope_view.h"
#include "server/shown_time.h"

namespace oauth2::server {
namespace {

std::string revoke_path(const Visit& visit) {
  return fmt::format("{}tokens/{}/revoke/", applications_path, visit.id);
}

account::AuthorizedApplication require_application(const Visit& visit) {
  auto found = account::find_authorized_application(visit.context, visit.user->id, visit.id);
  if (!found) throw PageRefusal(refusal::not_found);
  return std::move(*found);
}

}  // namespace

void authorized_page(Visit& visit) {
  const auto application = require_application(visit);
  const store::Consent& consent = application.consent;
  View view = client_view(application.client);
  set_scopes(visit, view, application.scopes);
  view.set("skips_consent", application.client.skip_consent);
  set_date(visit, view, "since", consent.created_at);
  if (consent.last_used_at) set_time_ago(visit, view, "used", *consent.last_used_at);
  view.set("live_tokens", fmt::format("{}", consent.live_tokens));
  view.set("revoke_url", revoke_path(visit));
  write_account_page(visit, 200, "authorized", std::move(view));
}

void authorized_revoke_page(Visit& visit) {
  const auto application = require_application(visit);
  View view;
  view.set("client_name", application.client.name);
  view.set("skips_consent", application.client.skip_consent);
  view.set("action", revoke_path(visit));
  view.set("back_url", applications_path);
  write_account_page(visit, 200, "authorized_revoke", std::move(view));
}

void authorized_revoke_form(Visit& visit) {
  const protocol::Params form = read_account_form(visit, revoke_path(visit));
  if (!form.has("revoke"))
    throw PageRefusal(refusal::form_incomplete).with_link(revoke_path(visit), "link_back");
  finding_own(
      [&] { return account::revoke_authorized_application(visit.context, visit.user->id, visit.id); });
  redirect_with_notice(visit, applications_path, "authorized_revoked");
}

}  // namespace oauth2::server
