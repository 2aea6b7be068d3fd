#pragma once

#include <string>
#include <string_view>

#include "server/visit.h"

namespace oauth2::server {

// Why people may not have the password, which admin::hash_of_password refused.
std::string password_message(const Visit& visit, std::string_view password);

}  // namespace oauth2::server
