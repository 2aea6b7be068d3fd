#pragma once

#include "cli/options.h"
#include "core/admin/clients.h"

namespace oauth2::cli {

// The flags that `client create` and `client update` share.
void declare_client_flags(Options& options, admin::ClientFields& fields);

// Names of the grants for --grant, as people type them.
std::vector<std::string> grant_choices();

}  // namespace oauth2::cli
