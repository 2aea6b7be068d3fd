#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/db/connection.h"

namespace oauth2::store {

// What is true of the deployment as a whole: `issuer`, whose turn it is.
std::optional<std::string> find_deployment_value(db::Connection& connection, std::string_view name);
void put_deployment_value(db::Connection& connection, std::string_view name, std::string_view value);

// Both answer whether they changed it; of several at once, one does.
// Where there is none, or one that sorts before `low` or after `high`.
bool claim_deployment_value(db::Connection& connection, std::string_view name, std::string_view value,
                            std::string_view low, std::string_view high);
// Where it is still `before`.
bool exchange_deployment_value(db::Connection& connection, std::string_view name, std::string_view before,
                               std::string_view value);

}  // namespace oauth2::store
