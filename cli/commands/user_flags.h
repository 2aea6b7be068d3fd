#pragma once

#include "cli/options.h"
#include "core/admin/users.h"

namespace oauth2::cli {

// The flags that `user create` and `user update` share.
inline void declare_user_flags(Options& options, admin::UserFields& fields) {
  options.value("--email", "ADDRESS", fields.email, "one may sign in with it too");
  options.on_or_off("--email-verified", fields.email_verified, "the address is known to be the user's");
  options.value("--name", "NAME", fields.name, "the full name");
}

}  // namespace oauth2::cli
