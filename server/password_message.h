#pragma once

#include <string>
#include <string_view>

#include "server/visit.h"

namespace oauth2::server {

// Why people may not have the password, which admin::hash_of_password refused.
std::string password_message(const Visit& visit, std::string_view password);

struct RefusedPassword {
  int status;
  std::string message;
};

// What is said of a password that protocol::authenticate_user refused: that it is not right (`wrong` is the
// text's key), that the person must wait, or both; then the answer gets its Retry-After. Throws `error` again
// when it is about something else.
RefusedPassword refused_password(Visit& visit, const protocol::Error& error, std::string_view wrong);

}  // namespace oauth2::server
