#include <fmt/format.h>

#include "core/account/security.h"
#include "core/account/user_agent.h"
#include "core/admin/error.h"
#include "server/account_page.h"
#include "server/endpoints/pages.h"
#include "server/password_message.h"
#include "server/shown_time.h"
#include "server/wire.h"

namespace oauth2::server {
namespace {

constexpr std::size_t sessions_a_page = 20;

std::string shown_device(const Visit& visit, const store::Session& session) {
  const account::Device device = account::device_of(session.user_agent.value_or(""));
  if (device.browser.empty() && device.system.empty()) return visit.text("device_unknown");
  if (device.browser.empty()) return std::string(device.system);
  if (device.system.empty()) return std::string(device.browser);
  return visit.text("device_both", {{"browser", device.browser}, {"system", device.system}});
}

View session_view(const Visit& visit, const store::Session& session) {
  const bool is_current = session.id == visit.browser.session->id;
  View view;
  view.set("device", shown_device(visit, session));
  view.set("address", session.address.value_or(""));
  view.set("is_current", is_current);
  if (!is_current) view.set("action", fmt::format("{}sessions/{}/", security_path, session.id));
  set_time_ago(visit, view, "signed_in", session.created_at);
  set_time_ago(visit, view, "seen", is_current ? visit.context.now : session.last_seen_at);
  return view;
}

// `error`: at the field of that name; "" for none.
void show_security(Visit& visit, int status, const std::string& field = "", const std::string& error = "") {
  View view;
  view.set("action", security_path);
  view.set("password_set", visit.user->password_hash.has_value());
  view.set("notice", shown_notice(visit, {"security_password_done", "session_revoked", "sessions_revoked"}));
  if (!field.empty()) view.set(field + "_error", error);
  const auto sessions = account::list_sessions(visit.context, visit.browser);
  const Paging paging = read_paging(visit, sessions.size(), sessions_a_page);
  std::vector<View> shown;
  for (std::size_t i = 0; i < paging.count; ++i) {
    shown.push_back(session_view(visit, sessions[paging.first + i]));
  }
  view.set("others", sessions.size() > 1);
  view.set("sessions", std::move(shown));
  set_paging(visit, view, paging, security_path);
  write_account_page(visit, status, "security", std::move(view));
}

void refuse_change(Visit& visit, const protocol::Error& error) {
  visit.note = error.what();
  const auto refused = refused_password(visit, error, "security_current_wrong");
  show_security(visit, refused.status, "current_password", refused.message);
}

void change_password(Visit& visit, const protocol::Params& form) {
  if (!visit.user->password_hash) return show_security(visit, 400);
  account::PasswordChange change;
  change.current_password = form.find("current_password").value_or("");
  change.new_password = form.find("new_password").value_or("");
  change.user_agent = read_list_header(visit.request, "User-Agent");
  if (change.new_password != form.find("repeat_password").value_or(""))
    return show_security(visit, 400, "repeat_password", visit.text("reset_password_different"));
  try {
    change_browser(visit, account::change_password(visit.context, visit.browser, *visit.user, change));
    redirect_with_notice(visit, security_path, "security_password_done");
  } catch (const admin::Refused&) {
    show_security(visit, 400, "new_password", password_message(visit, change.new_password));
  } catch (const protocol::Error& error) {
    refuse_change(visit, error);
  }
}

}  // namespace

void security_page(Visit& visit) { show_security(visit, 200); }

void security_form(Visit& visit) {
  const protocol::Params form = read_account_form(visit, security_path);
  if (!form.has("revoke_all")) return change_password(visit, form);
  account::revoke_other_sessions(visit.context, visit.browser);
  redirect_with_notice(visit, security_path, "sessions_revoked");
}

// What a sign-in leads back to, when the session had ended before the button was pressed.
void security_session_page(Visit& visit) { redirect_to_path(visit, security_path); }

void security_session_form(Visit& visit) {
  const protocol::Params form = read_account_form(visit, security_path);
  if (!form.has("revoke"))
    throw PageRefusal(refusal::form_incomplete).with_link(std::string(security_path), "link_back");
  if (!account::revoke_session(visit.context, *visit.user, visit.id)) throw PageRefusal(refusal::not_found);
  redirect_with_notice(visit, security_path, "session_revoked");
}

}  // namespace oauth2::server
