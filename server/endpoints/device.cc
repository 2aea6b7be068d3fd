#include "core/protocol/device.h"

#include <variant>

#include "core/protocol/throttle.h"
#include "core/qr.h"
#include "server/endpoints/pages.h"
#include "server/scope_view.h"
#include "server/wire.h"

namespace oauth2::server {
namespace {

using protocol::DeviceDecision;
using protocol::Params;

// For a phone: the same page, with the code that is typed already, if there is one.
std::string complete_uri(const Visit& visit, const std::string& user_code) {
  const std::string uri = visit.context.settings.issuer + "/device";
  return user_code.empty() ? uri : uri + "?user_code=" + protocol::form_encode(user_code);
}

std::string page_of(const std::string& user_code) {
  return "/device?user_code=" + protocol::form_encode(user_code);
}

void ask_for_code(Visit& visit, int status, const std::string& user_code, const std::string& error) {
  View view;
  view.set("action", "/device");
  view.set("csrf_token", account::csrf_token(visit.context, visit.browser));
  view.set("user_code", user_code);
  view.set("notice", signed_up_notice(visit));
  view.set("error", error);
  const std::string uri = complete_uri(visit, status == 200 ? user_code : "");
  if (const auto qr = qr_svg_data_uri(uri)) view.set("qr", *qr);
  view.set("verification_uri", uri);
  write_page(visit, status, "device", std::move(view));
}

void refuse_code(Visit& visit, const std::string& user_code) {
  visit.note = "user_code is unknown, expired or decided";
  ask_for_code(visit, 400, user_code, visit.text("device_code_wrong"));
}

void show_decision(Visit& visit, const std::string& user_code, DeviceDecision decision) {
  if (decision == DeviceDecision::refused) return refuse_code(visit, user_code);
  const bool approved = decision == DeviceDecision::approved;
  View view;
  view.set("title", visit.text(approved ? "device_allowed_title" : "device_denied_title"));
  view.set("message", visit.text(approved ? "device_allowed" : "device_denied"));
  write_page(visit, 200, "notice", std::move(view));
}

// What waits under the code, or what this person decided before. RFC 8628 section 5.1: a user code is short,
// so guesses at it are counted, in the step that looks; the same code once more, by a double click or a
// reload, is none.
std::variant<protocol::DeviceRequest, DeviceDecision> look_up(Visit& visit, const std::string& user_code) {
  const auto& context = visit.context;
  const std::string& user_id = *visit.browser.session->user_id;
  const protocol::Subjects guesser = {protocol::throttle_subject("device", user_id)};
  using Found = std::variant<protocol::DeviceRequest, DeviceDecision>;
  return context.db.write([&](db::Connection& connection) -> Found {
    protocol::require_not_blocked(connection, context, guesser, "too many user codes were tried");
    if (auto request = protocol::find_device_request(context, connection, user_code))
      return std::move(*request);
    const auto decision = protocol::find_device_decision(context, connection, user_id, user_code);
    if (decision == DeviceDecision::refused) protocol::count_failure(connection, context, guesser);
    return decision;
  });
}

// What approves is the form that this shows (RFC 8628 section 3.3).
void ask_for_decision(Visit& visit, const std::string& user_code, const protocol::DeviceRequest& request) {
  const auto scopes = visit.context.db.read_latest([&](db::Connection& connection) {
    return protocol::consent_scopes(connection, request.scope, *visit.browser.session->user_id,
                                    request.client.id);
  });
  View view = client_view(request.client);
  set_scopes(visit, view, scopes);
  set_resources(view, request.code.audience);
  view.set("action", "/device");
  view.set("csrf_token", account::csrf_token(visit.context, visit.browser));
  view.set("user_code", protocol::shown_user_code(protocol::normalize_user_code(user_code)));
  view.set("username", visit.browser.session->username.value_or(""));
  view.set("unverified", request.client.is_public());
  view.set("logout_action", "/logout");
  view.set("next", page_of(user_code));
  write_page(visit, 200, "device_confirm", std::move(view));
}

void decide(Visit& visit, const std::string& user_code, bool allow) {
  const auto& session = *visit.browser.session;
  show_decision(
      visit, user_code,
      protocol::decide_device_request(visit.context, *session.user_id, user_code, allow, session.id));
}

}  // namespace

// Open to anybody: what is on it is no secret, and a code that came in the address is not judged yet.
void device_page(Visit& visit) {
  ask_for_code(visit, 200, read_query(visit.request).find("user_code").value_or(""), "");
}

void device_form(Visit& visit) {
  const Params form = read_form(visit.request);
  const std::string user_code = form.find("user_code").value_or("");
  const auto confirm = form.find("confirm");
  require_csrf(visit, form, confirm ? page_of(user_code) : "");
  if (protocol::normalize_user_code(user_code).empty()) return refuse_code(visit, user_code);
  if (!visit.browser.session)
    return redirect_to_path(visit, "/login?next=" + protocol::form_encode(page_of(user_code)));
  if (confirm && confirm != "yes" && confirm != "no")
    throw PageRefusal(refusal::form_incomplete, "confirm is not yes or no");
  const auto looked_up = look_up(visit, user_code);
  if (const auto* decision = std::get_if<DeviceDecision>(&looked_up))
    return show_decision(visit, user_code, *decision);
  if (!confirm) return ask_for_decision(visit, user_code, std::get<protocol::DeviceRequest>(looked_up));
  decide(visit, user_code, confirm == "yes");
}

}  // namespace oauth2::server
