#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/globals.h"

namespace oauth2::cli {

// A command line that was understood.
struct Invocation {
  const Command* command = nullptr;  // absent when help about a noun, or about all, is wanted
  std::string topic;                 // what help is wanted about: "", "client", "client create"
  bool wants_help = false;
  Globals globals;
  Action action;
};

// Throws UsageError, with a "did you mean" where a word or a flag is misspelt, and CommandError for values.
std::unique_ptr<Invocation> parse(const std::vector<std::string>& arguments);

// Whether errors are to be JSON, as far as that can be seen before, or without, the line being understood.
bool wants_json_errors(const std::vector<std::string>& arguments);

}  // namespace oauth2::cli
