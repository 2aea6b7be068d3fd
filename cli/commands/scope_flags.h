#pragma once

#include "cli/options.h"
#include "core/admin/scopes.h"

namespace oauth2::cli {

// The flags that `scope create` and `scope update` share.
inline void declare_scope_flags(Options& options, admin::ScopeFields& fields) {
  options.value("--description", "TEXT", fields.description,
                "shown to users when they are asked for consent");
  options.value("--group", "GROUP", fields.group, "scopes of one group stand together");
  options.on_or_off("--internal", fields.internal, "for internal clients only, never offered to users");
  options.on_or_off("--default", fields.is_default, "for clients that are registered without any scope");
}

}  // namespace oauth2::cli
