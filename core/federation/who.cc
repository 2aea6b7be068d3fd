#include "core/federation/who.h"

#include "core/account/sign_in.h"
#include "core/store/sessions.h"
#include "core/store/users.h"

namespace oauth2::federation {
namespace {

// What every step below needs to know.
struct Case {
  db::Connection& connection;
  const Context& context;
  const account::Browser& browser;
  const store::Provider& provider;  // as it is now
  const StateClaims& claims;
  const Newcomer& newcomer;
  const std::string& user_agent;
};

[[noreturn]] void refuse(FailureKind kind, const char* reason) { throw Failure(kind, reason); }

store::User require_enabled(std::optional<store::User> user) {
  if (!user || user->disabled_at) refuse(FailureKind::user_disabled, "the user is disabled");
  return std::move(*user);
}

SignedIn let_in(const Case& one, const store::User& user, bool has_new_username = false) {
  const account::SignIn how{one.claims.remember, one.user_agent};
  account::Browser browser = account::start_session(one.connection, one.context, one.browser, user, how);
  if (const auto account = store::find_remote_account_of_user(one.connection, user.id, one.provider.name))
    store::touch_remote_account(one.connection, account->id, one.context.now);
  return {std::move(browser), one.claims.next, has_new_username};
}

// To the session that asked for it, and to no other: the state was of this one, and it is still there.
Linked link(const Case& one, const std::optional<store::RemoteAccount>& there) {
  const auto session =
      one.browser.session ? store::find_session(one.connection, one.browser.session->id) : std::nullopt;
  if (!session || !session->is_active(one.context.now) || !session->user_id)
    refuse(FailureKind::state_foreign, "the session that asked for the link has ended");
  const std::string& user_id = *session->user_id;
  if (there && there->user_id != user_id)
    refuse(FailureKind::linked_to_another, "the account there is linked to another user");
  if (there) {
    update_link(one.connection, one.context, *there, one.newcomer);
  } else if (store::find_remote_account_of_user(one.connection, user_id, one.provider.name)) {
    refuse(FailureKind::another_linked, "the user has another account there");
  } else {
    insert_link(one.connection, one.context, one.newcomer, user_id);
  }
  return {one.claims.next};
}

// Whose e-mail it is; nullopt when it is nobody's. Only what the provider has proved, and is trusted with,
// opens an account that is there; and only where its own e-mail is not just what somebody said.
std::optional<store::User> find_by_email(const Case& one) {
  const Identity& identity = one.newcomer.identity;
  auto user = identity.email ? store::find_user_by_email(one.connection, *identity.email) : std::nullopt;
  if (!user) return std::nullopt;
  if (!identity.email_verified || !one.provider.trust_email)
    refuse(FailureKind::email_taken, "another user has the e-mail, and nothing proves that it is theirs");
  if (is_claimed_email(one.connection, *user))
    refuse(FailureKind::email_taken, "another user has the e-mail, but never proved it");
  return require_enabled(std::move(user));
}

SignedIn link_by_email(const Case& one, const store::User& user) {
  if (store::find_remote_account_of_user(one.connection, user.id, one.provider.name))
    refuse(FailureKind::another_linked, "the user with this e-mail has another account there");
  insert_link(one.connection, one.context, one.newcomer, user.id);
  return let_in(one, user);
}

Welcome sign_in(const Case& one, const std::optional<store::RemoteAccount>& there) {
  // A sign-in that began before somebody signed in here is of another session, which its state has told.
  if (one.browser.session) refuse(FailureKind::state_foreign, "somebody is signed in");
  if (!one.provider.offers_sign_in())
    refuse(FailureKind::no_such_provider, "the provider is hidden or for linking only");
  if (there) {
    const store::User user = require_enabled(store::find_user(one.connection, there->user_id));
    update_link(one.connection, one.context, *there, one.newcomer);
    return let_in(one, user);
  }
  if (const auto user = find_by_email(one)) return link_by_email(one, *user);
  if (one.provider.signup == "off") refuse(FailureKind::signup_off, "the provider signs nobody up");
  if (one.provider.signup == "ask")
    return Asked{keep_signup(one.connection, one.context, one.browser, one.newcomer, one.claims)};
  const store::User user = sign_up(one.connection, one.context, one.provider, one.newcomer);
  return let_in(one, user, true);
}

}  // namespace

Welcome welcome(const Context& context, const account::Browser& browser, const store::Provider& provider,
                const Arrival& arrival, const std::string& user_agent) {
  const Newcomer newcomer{provider.name, arrival.identity, arrival.tokens};
  return context.db.write([&](db::Connection& connection) -> Welcome {
    const auto now = store::find_provider(connection, provider.name);
    if (!now || !now->is_enabled())
      refuse(FailureKind::no_such_provider, "the provider was disabled or deleted meanwhile");
    const Case one{connection, context, browser, *now, arrival.state, newcomer, user_agent};
    const auto there = store::find_remote_account_by_subject(connection, now->name, arrival.identity.subject);
    if (arrival.state.purpose == Purpose::link) return link(one, there);
    return sign_in(one, there);
  });
}

}  // namespace oauth2::federation
