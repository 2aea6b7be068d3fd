#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/account/browser.h"
#include "core/account/sign_in.h"
#include "core/federation/failure.h"
#include "core/federation/linked.h"
#include "core/federation/state.h"

// How somebody whom nobody knows here becomes a user. There is no password then.
namespace oauth2::federation {

// A new session, under a new secret.
struct SignedIn {
  account::Browser browser;
  std::string next;               // a local path
  bool has_new_username = false;  // which was made for the user, who has not seen it yet
};

// Parts of a transaction.
// The user as the provider says, with a username made of that. The e-mail counts as verified where the
// provider did so and is trusted with it. It must be nobody's.
store::User sign_up(db::Connection& connection, const Context& context, const store::Provider& provider,
                    const Newcomer& newcomer);
// Keeps who came until the form comes back; answers the secret that the form must have in it.
std::string keep_signup(db::Connection& connection, const Context& context, const account::Browser& browser,
                        const Newcomer& newcomer, const StateClaims& claims);
// Whether the e-mail is only what the user said when signing up, and nobody has proved it since: whoever
// proves it elsewhere may be somebody else.
bool is_claimed_email(db::Connection& connection, const store::User& user);
// Nobody's yet, and what a username may be: from the username there, else the e-mail, the name, the
// provider; with a number behind it where it is taken.
std::string free_username(db::Connection& connection, const std::string& provider, const Identity& identity);

// What the form begins with.
struct PendingSignup {
  Identity identity;
  std::string username;          // proposed
  bool has_fixed_email = false;  // proved already: nothing is to be asked
};
// Failure: state_foreign for what another browser was given or nobody, state_expired, state_used;
// no_such_provider and signup_off for a provider that was changed meanwhile.
PendingSignup require_signup(const Context& context, const account::Browser& browser,
                             std::string_view provider, std::string_view secret);

struct SignupForm {
  std::string username;
  std::string name;   // "" for none
  std::string email;  // the same; not looked at where it is fixed
  std::string user_agent;
};
// The new user, linked and signed in. FormError, which uses nothing up; Failure as above.
SignedIn complete_signup(const Context& context, const account::Browser& browser, std::string_view provider,
                         std::string_view secret, const SignupForm& form);

}  // namespace oauth2::federation
