#pragma once

#include <string>
#include <string_view>

#include "cli/command.h"

namespace oauth2::cli {

// About one command, about the commands of a noun or a group, or ("") about all. Opens with examples.
std::string help_text(std::string_view topic);

// "oauth2ctl client show ID [flags]".
std::string usage_line(const Command& command, const Options& options);

// "-o, --output FORMAT", "--[no-]internal".
std::string flag_form(const Flag& flag);

}  // namespace oauth2::cli
