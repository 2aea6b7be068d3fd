#include "core/admin/error.h"
#include "core/admin/password_resets.h"
#include "core/admin/users.h"
#include "server/endpoints/pages.h"
#include "server/password_message.h"
#include "server/wire.h"

namespace oauth2::server {
namespace {

admin::Context admin_context(const Visit& visit) {
  const auto& context = visit.context;
  return {context.db,   context.settings, context.now,       "link:reset",
          std::nullopt, context.address,  context.request_id};
}

PageRefusal dead_link() { return PageRefusal(refusal::dead_link).with_link("/login", "link_sign_in"); }

void show_reset(Visit& visit, int status, const std::string& token, const std::string& error) {
  const auto user = admin::find_reset(admin_context(visit), token);
  if (!user) throw dead_link();
  View view;
  view.set("action", "/reset");
  view.set("csrf_token", account::csrf_token(visit.context, visit.browser));
  view.set("token", token);
  view.set("username", user->username);
  view.set("error", error);
  write_page(visit, status, "reset_password", std::move(view));
}

}  // namespace

void reset_page(Visit& visit) {
  show_reset(visit, 200, read_query(visit.request).find("token").value_or(""), "");
}

void reset_form(Visit& visit) {
  const protocol::Params form = read_form(visit.request);
  const std::string token = form.find("token").value_or("");
  require_cookie(visit, form, "/reset?token=" + protocol::form_encode(token));
  if (const Csrf csrf = judge_csrf(visit, form); csrf != Csrf::right)
    return show_reset(visit, csrf == Csrf::missing ? 400 : 403, token, visit.text("form_expired"));
  const std::string password = form.find("new_password").value_or("");
  if (password != form.find("repeat_password").value_or(""))
    return show_reset(visit, 400, token, visit.text("reset_password_different"));
  try {
    crypto::PasswordWorkers& workers = visit.context.password_workers;
    const auto turn = workers.wait_for_turn();
    const auto user = admin::use_reset_link(admin_context(visit), token, [&] {
      return workers.compute([password] { return admin::hash_of_password(password); });
    });
    if (!user) throw dead_link();
  } catch (const admin::Refused&) {
    return show_reset(visit, 400, token, password_message(visit, password));
  }
  View view;
  view.set("title", visit.text("reset_password_done_title"));
  view.set("message", visit.text("reset_password_done"));
  view.set("link_url", "/login");
  view.set("link_label", visit.text("link_sign_in"));
  write_page(visit, 200, "notice", std::move(view));
}

}  // namespace oauth2::server
