#include "cli/completion.h"

#include <algorithm>

#include "cli/command.h"

namespace oauth2::cli {

std::vector<std::string> command_groups() {
  std::vector<std::string> groups = {""};
  for (const Command* command : all_commands()) {
    for (auto end = command->path.find(' '); end != std::string_view::npos;
         end = command->path.find(' ', end + 1)) {
      const std::string group(command->path.substr(0, end));
      if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
    }
  }
  return groups;
}

std::vector<std::string> output_words(std::string_view path) {
  const Command* command = find_command(path);
  std::vector<std::string> words = {"table", "json", "jsonl", "csv", "env", "github"};
  if (!command || !command->shape) return words;
  for (const std::string& key : command->shape().keys()) words.push_back("value=" + key);
  return words;
}

std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

}  // namespace oauth2::cli
