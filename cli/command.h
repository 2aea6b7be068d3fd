#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/shape.h"

namespace oauth2::cli {

class Console;

// What a command does, once its options hold what was typed.
using Action = std::function<Exit(Console&)>;

struct Example {
  std::string_view line;
  std::string_view meaning;
};

// One verb. `bind` makes a fresh value struct, declares the options that fill it in, and answers the act on
// it; help, man page and completion read the declarations without ever running the act.
struct Command {
  std::string_view path;     // "client secret add"
  std::string_view summary;  // completes "oauth2ctl client secret add - …"
  std::string_view details;  // a paragraph for help and man page; may be empty
  std::vector<Example> examples;
  Shape (*shape)() = nullptr;  // absent: prints plain text
  Action (*bind)(Options&) = nullptr;
};

// THE table of all commands, in the order of the man page.
const std::vector<const Command*>& all_commands();

const Command* find_command(std::string_view path);

// The words that may follow `path` ("" at the start): nouns, verbs, or a group such as `client secret`; each
// once.
std::vector<std::string> next_words(std::string_view path);

// `pat` for `token`.
std::string_view unaliased(std::string_view noun);

// What stands under a noun, for the overview: "client" → "applications that ask for tokens".
std::string_view noun_summary(std::string_view noun);

}  // namespace oauth2::cli
