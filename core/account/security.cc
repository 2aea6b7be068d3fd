#include "core/account/security.h"

#include <algorithm>

#include "core/account/form.h"
#include "core/account/sign_in.h"
#include "core/admin/error.h"
#include "core/admin/sessions.h"
#include "core/admin/users.h"
#include "core/crypto/password.h"
#include "core/protocol/error.h"
#include "core/protocol/user_auth.h"

namespace oauth2::account {
namespace {

// The user as they are now; the session may have been ended, or the password changed, since they were judged.
store::User require_unchanged(db::Connection& connection, const Context& context, const Browser& browser,
                              const store::User& judged) {
  const auto session = store::find_session(connection, browser.session->id);
  auto user = store::find_user(connection, judged.id);
  if (!session || !session->is_active(context.now) || !user || user->password_hash != judged.password_hash)
    throw protocol::Error(protocol::invalid_grant, "the session or the user changed meanwhile");
  return *user;
}

}  // namespace

Browser change_password(const Context& context, const Browser& browser, const store::User& user,
                        const PasswordChange& change) {
  if (const auto problem = crypto::password_problem(change.new_password)) throw admin::Refused(*problem);
  const store::User judged = protocol::authenticate_user(context, user.username, change.current_password);
  if (judged.id != user.id) throw protocol::Error(protocol::invalid_grant, "the username is another's now");
  const std::string password_hash = [&] {
    const auto turn = context.password_workers.wait_for_turn();
    return context.password_workers.compute(
        [password = change.new_password] { return admin::hash_of_password(password); });
  }();
  return context.db.write([&](db::Connection& connection) {
    const store::User now = require_unchanged(connection, context, browser, judged);
    admin::store_password(connection, acting(context, user.id), now, password_hash, "user.change_password",
                          browser.session->id);
    const SignIn as_before{browser.session->remember, change.user_agent};
    return start_session(connection, context, browser, now, as_before);
  });
}

std::vector<store::Session> list_sessions(const Context& context, const Browser& browser) {
  store::SessionFilter filter;
  filter.user_id = browser.session->user_id;
  filter.active_at = context.now;
  auto sessions = context.db.read_latest(
      [&](db::Connection& connection) { return store::list_sessions(connection, filter); });
  std::stable_partition(sessions.begin(), sessions.end(),
                        [&](const store::Session& session) { return session.id == browser.session->id; });
  return sessions;
}

bool revoke_session(const Context& context, const store::User& user, std::string_view id) {
  return context.db.write([&](db::Connection& connection) {
    auto session = store::find_session(connection, id);
    if (!session || session->user_id != user.id) return false;
    admin::revoke_session(connection, acting(context, user.id), *session);
    return true;
  });
}

void revoke_other_sessions(const Context& context, const Browser& browser) {
  const std::string& user_id = *browser.session->user_id;
  admin::revoke_user_sessions(acting(context, user_id), user_id, browser.session->id);
}

}  // namespace oauth2::account
