#include <fmt/format.h>

#include <algorithm>

#include "core/protocol/authorization_request.h"
#include "server/visit.h"

namespace oauth2::server {

namespace refusal {
const RefusalKind untrusted_client{400, "error_request_title", "error_client", "error_back_to_application"};
const RefusalKind untrusted_redirect_uri{400, "error_request_title", "error_redirect_uri",
                                         "error_back_to_application"};
const RefusalKind bad_request{400, "error_request_title", "error_malformed", "error_back_to_application"};
const RefusalKind not_understood{400, "error_form_title", "error_not_understood", ""};
const RefusalKind request_expired{400, "error_request_title", "error_request_expired",
                                  "error_back_to_application"};
const RefusalKind already_answered{400, "error_answered_title", "error_answered", "error_answered_next"};
const RefusalKind dead_link{400, "reset_password_invalid_title", "reset_password_invalid", ""};
const RefusalKind request_changed{400, "error_request_title", "error_request_changed",
                                  "error_back_to_application"};
const RefusalKind session_changed{400, "error_session_title", "error_session_changed", ""};
const RefusalKind form_of_another{403, "error_session_title", "error_form_of_another", ""};
const RefusalKind session_ended{403, "error_session_title", "error_session_ended", ""};
const RefusalKind signed_in_already{403, "error_signed_in_title", "error_signed_in", ""};
const RefusalKind no_cookie{403, "error_form_title", "error_no_cookie", ""};
const RefusalKind form_expired{403, "error_form_title", "form_expired", ""};
const RefusalKind form_incomplete{400, "error_form_title", "error_form_incomplete", ""};
const RefusalKind not_found{404, "error_not_found_title", "error_not_found", ""};
const RefusalKind wrong_method{405, "error_not_found_title", "error_wrong_method", ""};
const RefusalKind address_too_long{414, "error_request_title", "error_address_too_long",
                                   "error_back_to_application"};
const RefusalKind form_too_large{413, "error_form_title", "error_form_too_large", ""};
const RefusalKind fields_too_large{431, "error_request_title", "error_fields_too_large", ""};
const RefusalKind throttled{429, "error_throttled_title", "error_throttled", ""};
const RefusalKind busy{503, "error_busy_title", "error_busy", ""};
const RefusalKind failed{500, "error_server_title", "error_server", ""};
const RefusalKind applications_by_admin{403, "error_not_yours_title", "account_applications_by_admin", ""};
const RefusalKind tokens_by_admin{403, "error_not_yours_title", "account_personal_tokens_by_admin", ""};
const RefusalKind token_deleted{400, "error_form_title", "account_token_revoked", ""};
const RefusalKind token_replaced{400, "error_form_title", "account_token_rotated",
                                 "personal_token_replaced_next"};
const RefusalKind no_local_sign_in{403, "error_not_yours_title", "login_no_password", ""};
}  // namespace refusal

namespace {

using federation::FailureKind;

// 502 is what a gateway answers whose other side fails (RFC 9110 section 15.6.3).
constexpr int bad_gateway = 502;

struct FailureRow {
  FailureKind failure;
  RefusalKind refusal;
};
const FailureRow failures[] = {
    {FailureKind::denied, {400, "remote_denied_title", "remote_denied", "remote_denied_next"}},
    {FailureKind::provider_down, {bad_gateway, "remote_title", "remote_down", "remote_down_next"}},
    {FailureKind::bad_answer, {bad_gateway, "remote_title", "remote_bad_answer", "remote_bad_answer_next"}},
    {FailureKind::token_refused, {bad_gateway, "remote_title", "remote_refused", "remote_refused_next"}},
    {FailureKind::clock_skew, {bad_gateway, "remote_title", "remote_clock", "remote_clock_next"}},
    {FailureKind::no_identity, {bad_gateway, "remote_title", "remote_nobody", "remote_nobody_next"}},
    {FailureKind::no_such_provider, refusal::not_found},
    {FailureKind::state_missing, {400, "remote_state_title", "remote_state_missing", "remote_start_again"}},
    {FailureKind::state_expired, {400, "remote_state_title", "remote_state_expired", "remote_start_again"}},
    {FailureKind::state_used, {400, "remote_state_title", "remote_state_used", "remote_state_used_next"}},
    {FailureKind::state_foreign,
     {400, "remote_state_title", "remote_state_foreign", "remote_state_foreign_next"}},
    {FailureKind::mixed_up, {400, "remote_state_title", "remote_mixed_up", "remote_bad_answer_next"}},
    {FailureKind::email_taken,
     {400, "remote_email_taken_title", "remote_email_taken", "remote_email_taken_next"}},
    {FailureKind::user_disabled,
     {403, "remote_user_disabled_title", "remote_user_disabled", "remote_user_disabled_next"}},
    {FailureKind::signup_off,
     {403, "remote_signup_off_title", "remote_signup_off", "remote_signup_off_next"}},
    {FailureKind::linked_to_another,
     {400, "remote_linked_title", "remote_linked_to_another", "remote_linked_to_another_next"}},
    {FailureKind::another_linked,
     {400, "remote_linked_title", "remote_another_linked", "remote_another_linked_next"}},
};

const RefusalKind& refusal_of(protocol::UntrustedRequest::What untrusted) {
  using What = protocol::UntrustedRequest::What;
  if (untrusted == What::client) return refusal::untrusted_client;
  return untrusted == What::redirect_uri ? refusal::untrusted_redirect_uri : refusal::bad_request;
}

}  // namespace

PageRefusal page_refusal(const federation::Failure& failure, const std::string& provider) {
  const auto row = std::find_if(std::begin(failures), std::end(failures),
                                [&](const FailureRow& each) { return each.failure == failure.kind; });
  PageRefusal made(row == std::end(failures) ? refusal::failed : row->refusal, failure.what());
  made.provider = provider;
  return made;
}

PageRefusal page_refusal(const protocol::Error& error) {
  const auto kind_of = [&]() -> const RefusalKind& {
    if (const auto* untrusted = dynamic_cast<const protocol::UntrustedRequest*>(&error))
      return refusal_of(untrusted->what_is_untrusted);
    if (error.code.status == 429) return refusal::throttled;
    if (error.code.status == 503) return refusal::busy;
    return error.code.status == 500 ? refusal::failed : refusal::not_understood;
  };
  PageRefusal made(kind_of(), error.what());
  made.error = error.code.name;
  if (error.code.reason_is_public) made.error_description = error.what();
  made.retry_after = error.retry_after;
  return made;
}

std::string shown_wait(const Visit& visit, std::int64_t seconds) {
  const auto text = [&](std::string_view one, std::string_view many, std::int64_t count) {
    return visit.text(count == 1 ? one : many, {{"count", fmt::format("{}", count)}});
  };
  return seconds < 90 ? text("wait_second", "wait_seconds", seconds)
                      : text("wait_minute", "wait_minutes", (seconds + 59) / 60);
}

std::string ask_to_wait(Visit& visit, const protocol::Error& error, std::string_view key) {
  const std::int64_t seconds = error.retry_after.value_or(1);
  visit.response.set_header("Retry-After", fmt::format("{}", seconds));
  return visit.text(key, {{"wait", shown_wait(visit, seconds)}});
}

void write_refusal(Visit& visit, const PageRefusal& refusal) {
  visit.note = refusal.what();
  View view;
  const std::string wait = shown_wait(visit, refusal.retry_after.value_or(1));
  const auto text = [&](std::string_view key) {
    return visit.text(key, {{"wait", wait}, {"provider", refusal.provider}});
  };
  view.set("title", text(refusal.kind.title));
  view.set("message", text(refusal.kind.message));
  if (!refusal.kind.next_step.empty()) view.set("next_step", text(refusal.kind.next_step));
  if (!refusal.link_url.empty()) {
    view.set("link_url", refusal.link_url);
    view.set("link_label", visit.text(refusal.link_label));
  }
  view.set("error", refusal.error);
  view.set("error_description", refusal.error_description);
  view.set("request_id", visit.context.request_id);
  visit.response.headers.clear();
  if (refusal.retry_after) visit.response.set_header("Retry-After", fmt::format("{}", *refusal.retry_after));
  write_page(visit, refusal.kind.status, "error", std::move(view));
}

}  // namespace oauth2::server
