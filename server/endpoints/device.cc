#include "core/protocol/device.h"

#include <fmt/format.h>

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

// As `done` in the address: who comes there has given this very answer a moment ago.
constexpr std::string_view answered_mark = "answered";

std::string shown_code(const std::string& user_code) {
  return protocol::shown_user_code(protocol::normalize_user_code(user_code));
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

void refuse_guess(Visit& visit, const std::string& user_code, const protocol::Error& error) {
  visit.note = error.what();
  ask_for_code(visit, error.code.status, user_code, ask_to_wait(visit, error, "device_throttled"));
}

// `is_news`: the person has come here from the answer itself.
void show_decision(Visit& visit, const std::string& user_code, DeviceDecision decision, bool is_news) {
  if (decision == DeviceDecision::refused) return refuse_code(visit, user_code);
  const bool approved = decision == DeviceDecision::approved;
  View view;
  view.set("title", visit.text(approved ? "device_allowed_title" : "device_denied_title"));
  if (is_news)
    view.set("message", visit.text(approved ? "device_allowed" : "device_denied"));
  else
    view.set("message", visit.text(approved ? "device_allowed_before" : "device_denied_before"));
  write_page(visit, 200, "notice", std::move(view));
}

// What waits under the code, or what this person decided before. RFC 8628 section 5.1: a user code is short,
// so guesses at it are counted, in the step that looks; a right code once more, by a double click or a
// reload, is none. A right code does not start the count anew, as a right password does: whoever guesses can
// have right codes of devices of their own, each for five more guesses.
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
  view.set("user_code", shown_code(user_code));
  view.set("username", visit.browser.session->username.value_or(""));
  view.set("logout_action", "/logout");
  view.set("next", login_path(page_of(user_code)));
  view.set("notice", signed_up_notice(visit));
  write_page(visit, 200, "device_confirm", std::move(view));
}

// The answer has a page of its own, which can be reloaded and left and come back to.
void go_to_decision(Visit& visit, const std::string& user_code, DeviceDecision decision, bool allow) {
  if (decision == DeviceDecision::refused) return refuse_code(visit, user_code);
  // In another tab the person may have chosen otherwise before, and that stands.
  const bool is_news = allow == (decision == DeviceDecision::approved);
  const std::string page = page_of(shown_code(user_code));
  redirect_to_path(visit, is_news ? fmt::format("{}&done={}", page, answered_mark) : page);
}

void decide(Visit& visit, const std::string& user_code, bool allow) {
  const auto& session = *visit.browser.session;
  go_to_decision(
      visit, user_code,
      protocol::decide_device_request(visit.context, *session.user_id, user_code, allow, session.id), allow);
}

// What the person answered a moment ago; false where that is not so, or not any more.
bool show_answer(Visit& visit, const std::string& user_code) {
  const auto decision = visit.context.db.read_latest([&](db::Connection& connection) {
    return protocol::find_device_decision(visit.context, connection, *visit.browser.session->user_id,
                                          user_code);
  });
  if (decision == DeviceDecision::refused) return false;
  show_decision(visit, user_code, decision, true);
  return true;
}

// Whether a code in the address may be looked up at once. Not for strangers, who would learn which codes are
// right. Not where another site led here, as browsers tell (Fetch Metadata; the way back from a provider is
// such too): it could use the person's guesses up, and put the button that allows under a click that was
// meant for its own page. Who sends no such field is looked up: old browsers, and those at plain http.
bool may_look_up(const Visit& visit, const std::string& user_code) {
  if (!visit.browser.session || protocol::normalize_user_code(user_code).empty()) return false;
  if (visit.request.method == "HEAD") return false;  // no guess (RFC 9110 section 9.2.1)
  const std::string from = visit.request.get_header_value("Sec-Fetch-Site");
  return from != "cross-site" && from != "same-site";
}

void answer_address(Visit& visit, const std::string& user_code) {
  const auto looked_up = look_up(visit, user_code);
  if (const auto* decision = std::get_if<DeviceDecision>(&looked_up))
    return show_decision(visit, user_code, *decision, false);
  ask_for_decision(visit, user_code, std::get<protocol::DeviceRequest>(looked_up));
}

void answer_form(Visit& visit, const std::string& user_code, const std::optional<std::string>& confirm) {
  const auto looked_up = look_up(visit, user_code);
  const auto* decision = std::get_if<DeviceDecision>(&looked_up);
  if (decision && *decision == DeviceDecision::refused) return refuse_code(visit, user_code);
  if (!confirm) return redirect_to_path(visit, page_of(shown_code(user_code)));
  if (decision) return go_to_decision(visit, user_code, *decision, confirm == "yes");
  decide(visit, user_code, confirm == "yes");
}

// Who tried too many codes may try again later, with the same form.
template <class Action>
void counting_guesses(Visit& visit, const std::string& user_code, Action&& action) {
  try {
    action();
  } catch (const protocol::Error& error) {
    if (error.code.status != protocol::too_many_requests.status) throw;
    refuse_guess(visit, user_code, error);
  }
}

}  // namespace

// Open to anybody: what is on the first page is no secret. Nothing here approves (RFC 8628 section 3.3.1).
void device_page(Visit& visit) {
  const Params query = read_query(visit.request);
  const std::string user_code = query.find("user_code").value_or("");
  if (!may_look_up(visit, user_code)) return ask_for_code(visit, 200, user_code, "");
  if (query.find("done") == answered_mark && show_answer(visit, user_code)) return;
  counting_guesses(visit, user_code, [&] { answer_address(visit, user_code); });
}

void device_form(Visit& visit) {
  const Params form = read_form(visit.request);
  const std::string user_code = form.find("user_code").value_or("");
  const auto confirm = form.find("confirm");
  require_csrf(visit, form, confirm ? page_of(user_code) : "");
  if (protocol::normalize_user_code(user_code).empty()) return refuse_code(visit, user_code);
  if (!visit.browser.session) return redirect_to_path(visit, login_path(page_of(user_code)));
  if (confirm && confirm != "yes" && confirm != "no")
    throw PageRefusal(refusal::form_incomplete, "confirm is not yes or no");
  counting_guesses(visit, user_code, [&] { answer_form(visit, user_code, confirm); });
}

}  // namespace oauth2::server
