#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/protocol/context.h"
#include "core/store/sessions.h"

// What a person does in a browser: sign in and out, and prove that a form is the person's own.
namespace oauth2::account {

using protocol::Context;

// The browser that a request comes from, known by its cookie. Signed in, a row in `sessions` stands behind
// it. Before, the cookie's secret alone is an anonymous session: nothing is stored for a stranger.
struct Browser {
  std::string secret;                     // the cookie's value
  bool is_new = false;                    // it has no cookie yet, or a dead one: set this one
  std::optional<store::Session> session;  // active, of a signed-in user

  const store::Session* signed_in() const { return session ? &*session : nullptr; }
};

// One whom nobody knows, with a new secret: a cookie to be set.
Browser stranger();

// Reads only; that the session was seen is noted for later. Throws db::Error.
Browser recognise(const Context& context, const std::optional<std::string>& cookie);

// A CSRF token of this browser: a JWT (HS256) with `sid`, with `sub` when somebody is signed in, and an hour
// to live. Its key is made from the cookie's secret, which no other site and no other browser knows.
std::string csrf_token(const Context& context, const Browser& browser);
bool is_csrf_token(const Context& context, const Browser& browser, std::string_view token);

// Names the browser's session to itself; another one at sign-in.
std::string session_name(const Browser& browser);

}  // namespace oauth2::account
