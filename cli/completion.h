#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/options.h"

namespace oauth2::cli {

// Scripts that offer commands, flags and values, and ask oauth2ctl itself for names of clients, users and the
// like; without a database they offer none. Written from the table of commands.
std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

// Paths that need another word: "", "client", "client secret" …
std::vector<std::string> command_groups();

// "value=client_id" and the like: what -o may be for a command.
std::vector<std::string> output_words(std::string_view path);

// `text` within single quotes, for all three shells.
std::string single_quoted(std::string_view text);

inline constexpr std::string_view generated_note =
    "# Written by oauth2-docs from the table of commands; changes here are lost.\n";

}  // namespace oauth2::cli
