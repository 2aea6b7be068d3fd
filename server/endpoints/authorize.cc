#include "core/protocol/authorize.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <variant>

#include "core/protocol/redirect_uri.h"
#include "core/text.h"
#include "server/endpoints/pages.h"
#include "server/scope_view.h"
#include "server/wire.h"

namespace oauth2::server {
namespace {

using protocol::Authorization;
using protocol::Params;
using protocol::Stale;

// Whoever is signed in then is asked anew.
std::string again_url(std::string_view request_id) {
  return request_id.empty() ? "/" : "/oauth/authorize?request_id=" + protocol::form_encode(request_id);
}

// What became of a request that can be answered no more, and how to go on.
PageRefusal stale_refusal(Stale why, std::string_view request_id) {
  switch (why) {
    case Stale::answered:
      return PageRefusal(refusal::already_answered);
    case Stale::another_session:
      return PageRefusal(refusal::session_changed).with_link(again_url(request_id), "link_continue");
    case Stale::changed:
      return PageRefusal(refusal::request_changed);
    default:
      return PageRefusal(refusal::request_expired);
  }
}

// Where the user is sent afterwards, in words that a person can judge.
std::string shown_target(const Visit& visit, const std::string& redirect_uri) {
  const std::string_view origin = protocol::origin_of(redirect_uri);
  const auto authority = origin.find("://");
  if (authority != origin.npos) return std::string(origin.substr(authority + 3));
  return visit.text("consent_app", {{"app", origin.substr(0, origin.find(':'))}});
}

void show_consent(Visit& visit, const protocol::AskConsent& consent) {
  const auto& request = consent.request;
  View view = client_view(request.client);
  set_scopes(visit, view, consent.scopes);
  set_resources(view, request.audience);
  view.set("action", "/oauth/authorize");
  view.set("csrf_token", account::csrf_token(visit.context, visit.browser));
  view.set("request_id", consent.request_id);
  view.set("redirect_host", shown_target(visit, request.redirect_uri));
  view.set("username", visit.browser.session->username.value_or(""));
  view.set("unverified", request.client.is_public() && !request.redirect_uri.starts_with("https://"));
  view.set("logout_action", "/logout");
  view.set("next", again_url(consent.request_id));
  view.set("notice", signed_up_notice(visit));
  write_page(visit, 200, "consent", std::move(view), {protocol::csp_source_of(request.redirect_uri)});
}

void answer(Visit& visit, const Authorization& outcome, std::string_view request_id) {
  if (const auto* target = std::get_if<protocol::GoToClient>(&outcome)) {
    redirect_to_client(visit, target->location);
    if (!target->refusal.empty()) visit.note = target->refusal;
  } else if (const auto* sign_in = std::get_if<protocol::SignInFirst>(&outcome)) {
    redirect_to_path(visit, login_path(sign_in->next));
  } else if (const auto* there = std::get_if<protocol::AskThere>(&outcome)) {
    redirect_to_path(
        visit, there->next + (signed_up_notice(visit).empty() ? std::string()
                                                              : fmt::format("&done={}", signed_up_mark)));
  } else if (const auto* consent = std::get_if<protocol::AskConsent>(&outcome)) {
    show_consent(visit, *consent);
  } else {
    throw stale_refusal(std::get<Stale>(outcome), request_id);
  }
}

// What cannot be read is the client's doing: nobody types such a thing.
Params read_request(std::string_view text) {
  try {
    return Params::parse_noting_repeats(text);
  } catch (const protocol::Error& error) {
    throw protocol::UntrustedRequest(error, protocol::UntrustedRequest::What::request);
  }
}

void answer_request(Visit& visit, const Params& params) {
  const std::string request_id = params.find("request_id").value_or("");
  // HEAD looks only: it must give nothing, use nothing up and store nothing (RFC 9110 section 9.2.1).
  const bool looks_only = visit.request.method == "HEAD";
  const auto* session = looks_only ? nullptr : visit.browser.signed_in();
  // A browser says so (Fetch Metadata); scripts, which go back to nothing, are asked where they are.
  const bool keeps_address = !looks_only && visit.request.get_header_value("Sec-Fetch-Mode") == "navigate";
  answer(visit, protocol::authorize(visit.context, params, session, keeps_address), request_id);
}

// The consent form. Whatever is wrong with it, the request that it answers can be taken up again.
void answer_consent(Visit& visit, const Params& form) {
  if (!form.repeated().empty()) throw PageRefusal(refusal::form_incomplete, "a field was sent twice");
  const std::string request_id = form.find("request_id").value_or("");
  const auto confirm = form.find("confirm");
  if (confirm != "yes" && confirm != "no")
    throw PageRefusal(refusal::form_incomplete, "confirm is not yes or no");
  require_csrf(visit, form, again_url(request_id));
  if (!visit.browser.session) throw stale_refusal(Stale::another_session, request_id);
  answer(visit, protocol::decide(visit.context, request_id, *visit.browser.session, confirm == "yes"),
         request_id);
}

}  // namespace

void authorize_page(Visit& visit) { answer_request(visit, read_request(read_query_text(visit.request))); }

// With `confirm` it is our form, without it a client's request (RFC 6749 section 3.1).
void authorize_form(Visit& visit) {
  const Params form = read_request(read_form_text(visit.request));
  form.has("confirm") ? answer_consent(visit, form) : answer_request(visit, form);
}

// Only names that the RFCs know are shown: nobody else's words on our page. Whatever the name, the status is
// that of a page that tells of an error: nothing has failed here.
void errors_page(Visit& visit) {
  static const struct {
    protocol::ErrorCode code;
    RefusalKind kind;
  } known[] = {
      {protocol::invalid_request, refusal::bad_request},
      {protocol::unauthorized_client, refusal::bad_request},
      {protocol::access_denied, {400, "error_denied_title", "error_denied", "error_denied_next"}},
      {protocol::unsupported_response_type, refusal::bad_request},
      {protocol::invalid_scope, refusal::bad_request},
      {protocol::invalid_target, refusal::bad_request},
      {protocol::server_error, {400, "error_server_title", "error_server", ""}},
      {protocol::temporarily_unavailable, {400, "error_busy_title", "error_busy", ""}},
  };
  const std::string error = read_query(visit.request).find("error").value_or("");
  const auto row = std::find_if(std::begin(known), std::end(known),
                                [&](const auto& each) { return each.code.name == error; });
  if (row == std::end(known)) return write_refusal(visit, PageRefusal(refusal::bad_request));
  PageRefusal shown(row->kind);
  shown.error = error;
  write_refusal(visit, shown);
}

}  // namespace oauth2::server
