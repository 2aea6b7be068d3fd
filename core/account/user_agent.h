#pragma once

#include <string>
#include <string_view>

namespace oauth2::account {

// What a User-Agent says of itself, in names that people know; "" for what is not among them. Anybody can
// send anything: for the eye only.
struct Device {
  std::string_view browser;  // Firefox
  std::string_view system;   // Windows
};
Device device_of(std::string_view user_agent);

}  // namespace oauth2::account
