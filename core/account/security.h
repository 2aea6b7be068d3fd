#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/account/browser.h"
#include "core/store/users.h"

// What a signed-in user does about who else could be them: password and sessions. `browser` is the one that
// asks, `user` who is signed in there.
namespace oauth2::account {

struct PasswordChange {
  std::string current_password;
  std::string new_password;
  std::string user_agent;
};

// The new password ends all that the one before opened, as admin::set_password says; this browser goes on in
// a session of its own, under a new secret. Throws admin::Refused for a password that people may not have,
// and then as protocol::authenticate_user does for a current one that is not right: a stolen session has no
// more guesses than the sign-in page gives. Error(invalid_grant) also for a session or a user that changed
// meanwhile.
Browser change_password(const Context& context, const Browser& browser, const store::User& user,
                        const PasswordChange& change);

// Those that are active; this browser's first, then the newest.
std::vector<store::Session> list_sessions(const Context& context, const Browser& browser);

// False when the user has no session with that id, whoever has one.
bool revoke_session(const Context& context, const store::User& user, std::string_view id);
// All but this browser's.
void revoke_other_sessions(const Context& context, const Browser& browser);

}  // namespace oauth2::account
