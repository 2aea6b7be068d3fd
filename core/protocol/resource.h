#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace oauth2::protocol {

// Why `uri` cannot name a resource (RFC 8707 section 2: an absolute URI without a fragment), for people;
// nullopt when it can.
std::optional<std::string> resource_problem(std::string_view uri);

}  // namespace oauth2::protocol
