#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/account/browser.h"
#include "core/store/users.h"

namespace oauth2::account {

struct SignIn {
  bool remember = false;
  std::string user_agent;
};

// A new session for the user, who has just proved to be there, under a new secret (whatever the browser's
// session was, it ends); nullopt when the user was disabled or the password changed since `user` was read.
std::optional<Browser> sign_in(const Context& context, const Browser& browser, const store::User& user,
                               const SignIn& how);

// The transaction's part of it: the new session, and the end of the browser's own.
Browser start_session(db::Connection& connection, const Context& context, const Browser& browser,
                      const store::User& user, const SignIn& how);

// Ends the session; answers the anonymous browser that is left.
Browser sign_out(const Context& context, const Browser& browser);

// `next` when it is a path of this server that a browser cannot take for another one's, else "/".
std::string local_path(std::string_view next);

}  // namespace oauth2::account
