#pragma once

#include <string>
#include <string_view>

namespace oauth2::store {

// The least text that sorts after every id that starts with `prefix`: ids are ASCII below '~'.
inline std::string after_prefix(std::string_view prefix) { return std::string(prefix) + '~'; }

}  // namespace oauth2::store
