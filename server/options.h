#pragma once

#include <optional>
#include <string>

#include "core/settings.h"

namespace oauth2::server {

// oauth2d's command line: the flags are those of the settings table.
struct CommandLine {
  FlagValues flags;
  std::optional<std::string> config_file;
  std::optional<int> exit_code;  // set when there is nothing to serve: --help, --version, a usage error
};

// Prints help, version and usage errors itself.
CommandLine parse_command_line(int argc, char** argv);

}  // namespace oauth2::server
