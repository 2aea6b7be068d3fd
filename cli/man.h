#pragma once

#include <string>

namespace oauth2::cli {

std::string oauth2ctl_man();  // oauth2ctl(1), from the table of commands
std::string oauth2d_man();    // oauth2d(8), from the table of settings
std::string settings_man();   // oauth2ctl.toml(5), likewise

}  // namespace oauth2::cli
