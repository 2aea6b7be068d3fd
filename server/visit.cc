#include "server/visit.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/protocol/redirect_uri.h"
#include "core/text.h"
#include "server/page_names.h"
#include "server/wire.h"

namespace oauth2::server {
namespace {

bool is_https(const protocol::Context& context) { return context.settings.issuer.starts_with("https://"); }

constexpr std::int64_t signed_up_seconds = 600;

std::string_view cookie_name(bool https) { return https ? "__Host-oauth2d_session" : "oauth2d_session"; }

// RFC 6265 section 4.2. Of two with our name one was planted, and nobody knows which: then there is none.
std::optional<std::string> read_cookie(const httplib::Request& request, std::string_view name) {
  std::optional<std::string> found;
  const auto [first, last] = request.headers.equal_range("Cookie");
  for (auto field = first; field != last; ++field) {
    for (const std::string_view pair : text::split(field->second, ';')) {
      const std::string_view trimmed = text::trim(pair);
      if (!trimmed.starts_with(name) || trimmed.substr(name.size(), 1) != "=") continue;
      if (found) return std::nullopt;
      found = trimmed.substr(name.size() + 1);
    }
  }
  return found;
}

void set_cookie(Visit& visit) {
  const account::Browser& browser = visit.browser;
  std::string cookie = fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax",
                                   cookie_name(is_https(visit.context)), browser.secret);
  if (is_https(visit.context)) cookie += "; Secure";
  if (browser.session && browser.session->remember)
    cookie += fmt::format("; Max-Age={}", browser.session->expires_at - visit.context.now);
  visit.response.headers.erase("Set-Cookie");
  visit.response.set_header("Set-Cookie", cookie);
}

}  // namespace

Visit open_visit(const protocol::Context& context, const Pages& pages, std::string_view base,
                 const httplib::Request& request, httplib::Response& response) {
  Visit visit{context, pages, base, "", {}, request, response, "", "", std::nullopt, nullptr};
  visit.language = pages.choose_language(read_list_header(request, "Accept-Language"));
  return visit;
}

void recognise_browser(Visit& visit) {
  visit.browser = account::recognise(visit.context, session_cookie(visit.context, visit.request));
}

std::optional<std::string> session_cookie(const protocol::Context& context, const httplib::Request& request) {
  return read_cookie(request, cookie_name(is_https(context)));
}

bool find_user(Visit& visit) {
  if (!visit.browser.session) return false;
  const std::string& id = *visit.browser.session->user_id;
  visit.user = visit.context.db.read_latest(
      [&](db::Connection& connection) { return store::find_user(connection, id); });
  return visit.user.has_value();
}

std::string_view query_of(const httplib::Request& request) {
  const std::string_view target = request.target;
  const auto mark = target.find('?');
  return mark == target.npos ? std::string_view() : target.substr(mark);
}

std::string login_path(std::string_view next) { return "/login?next=" + protocol::form_encode(next); }

void ask_to_sign_in(Visit& visit, std::string_view path) {
  std::string next(path);
  if (visit.request.method != "POST") next += query_of(visit.request);
  redirect_to_path(visit, login_path(next));
}

Csrf judge_csrf(const Visit& visit, const protocol::Params& form) {
  const auto header = read_header(visit.request, "X-CSRF-Token");
  const auto token = header ? header : form.find("csrf_token");
  if (!token) return Csrf::missing;
  return account::is_csrf_token(visit.context, visit.browser, *token) ? Csrf::right : Csrf::wrong;
}

void require_csrf(const Visit& visit, const protocol::Params& form, const std::string& again) {
  const Csrf csrf = judge_csrf(visit, form);
  if (csrf == Csrf::right) return;
  if (csrf == Csrf::missing) throw PageRefusal(refusal::form_incomplete, "csrf_token is missing");
  const std::string reason = "csrf_token is not of this session";
  if (again.empty()) throw PageRefusal(refusal::form_expired, reason);
  throw PageRefusal(visit.browser.session ? refusal::form_of_another : refusal::session_ended, reason)
      .with_link(again, "link_continue");
}

void require_cookie(const Visit& visit, const protocol::Params& form, const std::string& page) {
  if (!visit.browser.is_new) return;
  const auto& kind = judge_csrf(visit, form) == Csrf::missing ? refusal::form_incomplete : refusal::no_cookie;
  throw PageRefusal(kind, "the form came without a live session cookie").with_link(page, "link_continue");
}

void set_page_headers(httplib::Response& response, const std::vector<std::string>& form_targets,
                      bool scripts) {
  std::string form_action = "'self'";
  for (const std::string& target : form_targets) form_action += " " + target;
  response.set_header("Content-Security-Policy",
                      fmt::format("default-src 'none'; {}style-src 'self'; img-src 'self' data:; "
                                  "form-action {}; frame-ancestors 'none'; base-uri 'none'",
                                  scripts ? "script-src 'self'; " : "", form_action));
  response.set_header("X-Frame-Options", "DENY");
  response.set_header("Referrer-Policy", "no-referrer");
  response.set_header("Cache-Control", "no-store");
}

void write_page(Visit& visit, int status, std::string_view page, View view,
                const std::vector<std::string>& form_targets) {
  visit.response.status = status;
  std::vector<std::string> targets = form_targets;
  // Where only providers sign people in, any form may end at one, when the session ended meanwhile. A server
  // on plain http is one in development, and so may its provider be.
  if (!visit.context.settings.local_sign_in)
    targets.push_back(protocol::csp_source_of(visit.context.settings.issuer));
  std::sort(targets.begin(), targets.end());
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  set_page_headers(visit.response, targets, shows_secret(page));
  // Only on GET: a POST from another site comes without our cookie, and must not take its place.
  if (visit.browser.is_new && visit.request.method == "GET") set_cookie(visit);
  visit.response.set_header("Content-Language", visit.language);
  visit.response.set_content(visit.pages.render(page, visit.language, view), "text/html; charset=utf-8");
}

std::string signed_up_notice(const Visit& visit) {
  const auto& session = visit.browser.session;
  if (!session || session->created_at + signed_up_seconds < visit.context.now) return "";
  if (protocol::Params::parse_noting_repeats(read_query_text(visit.request)).find("done") != signed_up_mark)
    return "";
  const auto user = visit.context.db.read_latest(
      [&](db::Connection& connection) { return store::find_user(connection, *session->user_id); });
  // The session that the sign-up itself made.
  const bool is_first = user && user->created_at == session->created_at;
  return is_first ? visit.text(signed_up_mark, {{"username", user->username}}) : "";
}

void redirect_to_path(Visit& visit, std::string_view path) {
  std::string location(visit.base);
  for (const char c : path) {
    const bool is_visible = c > 0x20 && c < 0x7F;  // a URI has nothing else (RFC 3986)
    location += is_visible ? std::string(1, c) : protocol::form_encode({&c, 1});
  }
  redirect_to_client(visit, location);
}

void redirect_to_client(Visit& visit, const std::string& location) {
  visit.response.status = 303;
  visit.response.set_header("Location", location);
  visit.response.set_header("Cache-Control", "no-store");
  visit.response.set_header("Referrer-Policy", "no-referrer");
}

void change_browser(Visit& visit, account::Browser browser) {
  visit.browser = std::move(browser);
  set_cookie(visit);
}

}  // namespace oauth2::server
