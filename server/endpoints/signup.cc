#include "core/account/form.h"
#include "server/endpoints/pages.h"
#include "server/form_message.h"
#include "server/provider_view.h"
#include "server/remote_visit.h"
#include "server/wire.h"

namespace oauth2::server {
namespace {

using federation::PendingSignup;
using federation::SignupForm;

std::string secret_of(const protocol::Params& params) { return params.find("signup").value_or(""); }

std::string page_path(const store::Provider& provider, const std::string& secret) {
  return "/oauth/signup/" + provider.name + "?signup=" + protocol::form_encode(secret);
}

PendingSignup require_pending(Visit& visit, const store::Provider& provider, const std::string& secret) {
  return with_provider(visit, provider, [&](const federation::Context& context) {
    return federation::require_signup(context, visit.browser, provider.name, secret);
  });
}

// Throws Failure where nothing waits for this form.
View signup_view(Visit& visit, const store::Provider& provider, const std::string& secret,
                 const PendingSignup& pending) {
  View view = View().set("action", "/oauth/signup/" + provider.name).set("signup", secret);
  view.set("csrf_token", account::csrf_token(visit.context, visit.browser));
  view.set("provider", shown_title(provider));
  view.set("icon", provider_view(provider).text("icon"));
  view.set("cancel_url", "/login");
  view.set("username", pending.username);
  view.set("name", pending.identity.name.value_or(""));
  const std::string email = pending.identity.email.value_or("");
  view.set(pending.has_fixed_email ? "fixed_email" : "email", email);
  return view;
}

void show_again(Visit& visit, int status, View view, const SignupForm& form,
                const account::FormError* error) {
  view.set("username", form.username);
  view.set("name", form.name);
  if (view.text("fixed_email").empty()) view.set("email", form.email);
  if (error) {
    visit.note = error->what();
    set_form_error(visit, view, *error, {"username", "name", "email"});
  } else {
    visit.note = "csrf_token is missing or not of this session";
    view.set("error", visit.text("form_expired"));
  }
  write_page(visit, status, "signup", std::move(view));
}

}  // namespace

void signup_page(Visit& visit) {
  const auto provider = require_provider(visit, true);
  const std::string secret = secret_of(read_query(visit.request));
  const PendingSignup pending = require_pending(visit, provider, secret);
  write_page(visit, 200, "signup", signup_view(visit, provider, secret, pending));
}

void signup_form(Visit& visit) {
  const auto provider = require_provider(visit, true);
  const protocol::Params fields = read_form(visit.request);
  const std::string secret = secret_of(fields);
  require_cookie(visit, fields, page_path(provider, secret));
  const SignupForm form{fields.find("username").value_or(""), fields.find("name").value_or(""),
                        fields.find("email").value_or(""), read_list_header(visit.request, "User-Agent")};
  const PendingSignup pending = require_pending(visit, provider, secret);
  View view = signup_view(visit, provider, secret, pending);
  if (const Csrf csrf = judge_csrf(visit, fields); csrf != Csrf::right)
    return show_again(visit, csrf == Csrf::missing ? 400 : 403, std::move(view), form, nullptr);
  try {
    go_on(visit, with_provider(visit, provider, [&](const federation::Context& context) {
            return federation::complete_signup(context, visit.browser, provider.name, secret, form);
          }));
  } catch (const account::FormError& error) {
    show_again(visit, 400, std::move(view), form, &error);
  }
}

}  // namespace oauth2::server
