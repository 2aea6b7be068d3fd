#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/db/connection.h"

namespace oauth2::store {

// What is true of the deployment as a whole: `issuer`.
std::optional<std::string> find_deployment_value(db::Connection& connection, std::string_view name);
void put_deployment_value(db::Connection& connection, std::string_view name, std::string_view value);

}  // namespace oauth2::store
