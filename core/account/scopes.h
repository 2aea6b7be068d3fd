#pragma once

#include <string>
#include <vector>

#include "core/account/browser.h"

namespace oauth2::account {

// The names of the internal ones, sorted: people are not shown them, whoever gave them to what is theirs.
std::vector<std::string> list_internal_scopes(const Context& context);
// The words of `scope`, in their order, that are not among `internal`.
std::vector<std::string> shown_scopes(const std::string& scope, const std::vector<std::string>& internal);

}  // namespace oauth2::account
