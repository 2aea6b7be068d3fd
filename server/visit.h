#pragma once

#include <httplib.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/account/browser.h"
#include "core/federation/failure.h"
#include "core/federation/remote_cache.h"
#include "core/protocol/context.h"
#include "core/protocol/error.h"
#include "core/protocol/params.h"
#include "core/store/users.h"
#include "server/pages.h"

namespace oauth2::server {

// One request of a browser, and what its answer is made with.
struct Visit {
  const protocol::Context& context;
  const Pages& pages;
  std::string_view base;  // the issuer's path: our own paths stand below it
  std::string language;
  account::Browser browser;
  const httplib::Request& request;
  httplib::Response& response;
  std::string note;                 // why it was refused, for the log
  std::string id;                   // what stands at {id} of the route's path
  std::optional<store::User> user;  // who is signed in; on pages that only such see
  federation::RemoteCache* remote_cache = nullptr;

  std::string text(std::string_view key, Pages::Values values = {}) const {
    return pages.text(key, language, values);
  }
};

// In the language of its header; of nobody yet. recognise_browser knows it by its cookie: db::Error.
Visit open_visit(const protocol::Context& context, const Pages& pages, std::string_view base,
                 const httplib::Request& request, httplib::Response& response);
void recognise_browser(Visit& visit);
// The value of the session's cookie, where exactly one came.
std::optional<std::string> session_cookie(const protocol::Context& context, const httplib::Request& request);
// Fills Visit::user; false when nobody is signed in.
bool find_user(Visit& visit);
// The sign-in page, which leads on to `next`, a path of ours with or without a query.
std::string login_path(std::string_view next);
// 303 to the sign-in page, and from there back to `path` by GET.
void ask_to_sign_in(Visit& visit, std::string_view path);

// Why a page is refused, as keys of texts; all of them stand in refusal.cc.
struct RefusalKind {
  int status;
  std::string_view title;
  std::string_view message;
  std::string_view next_step;  // what the person may do; "" for nothing to be said
};

struct PageRefusal : std::runtime_error {
  explicit PageRefusal(const RefusalKind& refusal_kind, const std::string& reason = "")
      : std::runtime_error(reason.empty() ? std::string(refusal_kind.message) : reason), kind(refusal_kind) {}
  PageRefusal with_link(std::string url, std::string_view label_key) && {
    link_url = std::move(url);
    link_label = label_key;
    return std::move(*this);
  }

  RefusalKind kind;
  std::string link_url;  // a local path or a URL; "" for none
  std::string_view link_label;
  std::string error;  // the RFC's, for developers
  std::string error_description;
  std::optional<std::int64_t> retry_after;  // seconds
  std::string provider;                     // for {provider} in its texts
};

namespace refusal {
extern const RefusalKind untrusted_client, untrusted_redirect_uri, bad_request, not_understood,
    request_expired, already_answered, no_cookie, form_of_another, dead_link, session_changed, session_ended,
    form_expired, form_incomplete, request_changed, not_found, wrong_method, throttled, busy, failed,
    applications_by_admin, tokens_by_admin, token_deleted, token_replaced, no_local_sign_in, address_too_long,
    form_too_large, fields_too_large, signed_in_already;
}

// A form is the browser's own when it carries its CSRF token, as csrf_token or as X-CSRF-Token.
enum class Csrf { right, missing, wrong };
Csrf judge_csrf(const Visit& visit, const protocol::Params& form);
// Throws PageRefusal: 400 where it is missing, 403 where it is of another session or has expired. `again`: of
// the answer to a question, the local path that asks anew; then nothing was allowed.
void require_csrf(const Visit& visit, const protocol::Params& form, const std::string& again = "");

// For forms that are shown again when they are refused: the browser must have a cookie for that. Throws
// PageRefusal, with a link to the page that sets one.
void require_cookie(const Visit& visit, const protocol::Params& form, const std::string& page);

// The query of the request's target with its `?`; "" without one.
std::string_view query_of(const httplib::Request& request);

// Answers with a page. `form_targets`: where its form may lead beside this server, as CSP sources, since
// browsers apply form-action to the redirect that follows too.
void write_page(Visit& visit, int status, std::string_view page, View view,
                const std::vector<std::string>& form_targets = {});
void write_refusal(Visit& visit, const PageRefusal& refusal);

// How a refusal by the protocol or by the database looks to a person.
PageRefusal page_refusal(const protocol::Error& error);
// The same of what went wrong with a provider of that title.
PageRefusal page_refusal(const federation::Failure& failure, const std::string& provider);

// "20 seconds", "3 minutes".
std::string shown_wait(const Visit& visit, std::int64_t seconds);
// The text `key`, whose {wait} is how long the error makes one wait; the answer gets its Retry-After.
std::string ask_to_wait(Visit& visit, const protocol::Error& error, std::string_view key);

// For who was signed up a moment ago and comes from there: the username that was made for them. "" for
// everybody else, whatever the address says.
std::string signed_up_notice(const Visit& visit);
constexpr std::string_view signed_up_mark = "signed_up";  // as `done` in the address

// 303: whatever the method was, the browser goes on with GET (RFC 9110 section 15.4.4).
void redirect_to_path(Visit& visit, std::string_view path);
void redirect_to_client(Visit& visit, const std::string& location);

// From now on the browser is this one: sets its cookie.
void change_browser(Visit& visit, account::Browser browser);

// The fields of every HTML answer. `scripts`: whether it may load ours.
void set_page_headers(httplib::Response& response, const std::vector<std::string>& form_targets,
                      bool scripts);

}  // namespace oauth2::server
