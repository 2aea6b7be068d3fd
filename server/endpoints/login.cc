#include "core/account/sign_in.h"
#include "core/json_text.h"
#include "core/protocol/authorize.h"
#include "core/protocol/redirect_uri.h"
#include "core/protocol/user_auth.h"
#include "server/account_page.h"
#include "server/endpoints/pages.h"
#include "server/password_message.h"
#include "server/provider_view.h"
#include "server/wire.h"

namespace oauth2::server {
namespace {

// What the form shows again when it is refused.
struct LoginForm {
  std::string next = "/";
  std::string username;
  bool remember = false;
  std::string error;
};

std::string provider_path(const store::Provider& provider, const std::string& next) {
  const std::string path = remote_login_path(provider);
  return next == "/" ? path : path + "?next=" + protocol::form_encode(next);
}

// The one that signs everybody in: its page comes at once.
const store::Provider* only_provider(const Visit& visit, const std::vector<store::Provider>& providers) {
  return !visit.context.settings.local_sign_in && providers.size() == 1 ? &providers.front() : nullptr;
}

void show_signed_out(Visit& visit, const std::string& next) {
  View view;
  view.set("title", visit.text("logout_done_title"));
  view.set("message", visit.text("logout_done"));
  view.set("link_url", next);
  view.set("link_label", visit.text("link_sign_in"));
  write_page(visit, 200, "notice", std::move(view));
}

// To the sign-in page, but never from there at once back in.
void go_on_signed_out(Visit& visit, const std::string& next) {
  if (only_provider(visit, list_sign_in_providers(visit))) return show_signed_out(visit, next);
  redirect_to_path(visit, next);
}

void show_login(Visit& visit, int status, const LoginForm& form,
                const std::vector<store::Provider>& providers) {
  View view;
  view.set("action", "/login");
  view.set("csrf_token", account::csrf_token(visit.context, visit.browser));
  view.set("next", form.next);
  view.set("username", form.username);
  view.set("remember", form.remember);
  view.set("error", form.error);
  view.set("local_sign_in", visit.context.settings.local_sign_in);
  if (!visit.context.settings.local_sign_in && providers.empty())
    view.set("error", visit.text("login_closed"));
  std::vector<View> shown;
  for (const store::Provider& provider : providers)
    shown.push_back(provider_view(provider).set("url", provider_path(provider, form.next)));
  view.set("providers", std::move(shown));
  std::vector<std::string> form_targets;
  if (const auto request = protocol::request_behind(visit.context, form.next)) {
    view.set("client_name", request->client.name);
    // A client that was allowed before gets its answer at once, by a redirect that the form began.
    form_targets.push_back(protocol::csp_source_of(request->redirect_uri));
  }
  write_page(visit, status, "login", std::move(view), form_targets);
}

void show_login(Visit& visit, int status, const LoginForm& form) {
  show_login(visit, status, form, list_sign_in_providers(visit));
}

}  // namespace

void login_page(Visit& visit) {
  LoginForm form;
  form.next = account::local_path(read_query(visit.request).find("next").value_or("/"));
  if (visit.browser.session) return redirect_to_path(visit, form.next);
  const auto providers = list_sign_in_providers(visit);
  if (const auto* provider = only_provider(visit, providers))
    return redirect_to_path(visit, provider_path(*provider, form.next));
  show_login(visit, 200, form, providers);
}

void login_form(Visit& visit) {
  if (!visit.context.settings.local_sign_in)
    throw PageRefusal(refusal::no_local_sign_in, "local_sign_in is off").with_link("/login", "link_sign_in");
  const protocol::Params form = read_form(visit.request);
  LoginForm shown;
  shown.next = account::local_path(form.find("next").value_or("/"));
  shown.username = form.find("username").value_or("");
  shown.remember = form.has("remember");
  require_cookie(visit, form, login_path(shown.next));
  if (const Csrf csrf = judge_csrf(visit, form); csrf != Csrf::right) {
    // Another tab was quicker.
    if (csrf == Csrf::wrong && visit.browser.session)
      throw PageRefusal(refusal::signed_in_already, "csrf_token is from before the sign-in")
          .with_link(shown.next, "link_continue");
    visit.note = "csrf_token is missing or not of this session";
    shown.error = visit.text("login_form_expired");
    return show_login(visit, csrf == Csrf::missing ? 400 : 403, shown);
  }
  try {
    const store::User user =
        protocol::authenticate_user(visit.context, shown.username, form.find("password").value_or(""));
    auto signed_in = account::sign_in(visit.context, visit.browser, user,
                                      {shown.remember, read_list_header(visit.request, "User-Agent")});
    if (!signed_in) throw protocol::Error(protocol::invalid_grant, "the user changed meanwhile");
    change_browser(visit, std::move(*signed_in));
    redirect_to_path(visit, shown.next);
  } catch (const protocol::Error& error) {
    visit.note = error.what();
    auto [status, message] = refused_password(visit, error, "login_wrong");
    shown.error = std::move(message);
    show_login(visit, status, shown);
  }
}

void logout_page(Visit& visit) {
  if (!visit.browser.session) return go_on_signed_out(visit, "/login");
  View view;
  view.set("action", "/logout");
  view.set("csrf_token", account::csrf_token(visit.context, visit.browser));
  view.set("username", visit.browser.session->username.value_or(""));
  write_page(visit, 200, "logout", std::move(view));
}

void logout_form(Visit& visit) {
  const protocol::Params form = read_form(visit.request);
  const std::string next = account::local_path(form.find("next").value_or("/login"));
  // Nobody is signed in any more: what the person wants is already so.
  if (visit.browser.session) {
    require_csrf(visit, form);
    change_browser(visit, account::sign_out(visit.context, visit.browser));
  }
  go_on_signed_out(visit, next);
}

void home_page(Visit& visit) {
  redirect_to_path(visit, visit.browser.session ? applications_path : "/login");
}

// For scripts of our own origin, sent back as X-CSRF-Token.
void csrf_endpoint(Visit& visit) {
  JsonText document;
  document.member("csrf_token", account::csrf_token(visit.context, visit.browser));
  write({document.take()}, visit.response);
  if (visit.browser.is_new) change_browser(visit, visit.browser);
}

}  // namespace oauth2::server
