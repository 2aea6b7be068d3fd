#include "cli/help.h"

#include <fmt/format.h>

#include "cli/globals.h"
#include "cli/table.h"

namespace oauth2::cli {
namespace {

constexpr std::size_t longest_line = 100;

using Lines = std::vector<std::vector<std::string>>;

std::string examples_text(const std::vector<Example>& examples) {
  std::string out = "Examples:\n";
  for (const Example& example : examples) {
    if (!example.meaning.empty()) out += fmt::format("  # {}\n", example.meaning);
    out += fmt::format("  {}\n", example.line);
  }
  return out;
}

std::string flags_text(std::string_view heading, const Options& options) {
  if (options.flags().empty()) return {};
  Lines lines;
  for (const Flag& flag : options.flags()) {
    std::string help = flag.help;
    if (flag.repeats) help += "; may repeat";
    if (flag.required) help += " (needed)";
    const bool has_letters = flag.letter != 0;
    lines.push_back({(has_letters ? "" : "    ") + flag_form(flag), help});
  }
  return fmt::format("\n{}:\n{}", heading, aligned(lines, 2));
}

std::string global_flags_text() {
  Options options;
  Globals globals;
  globals.declare(options);
  return flags_text("Global flags (each also as OAUTH2CTL_… in the environment)", options);
}

std::string command_help(const Command& command) {
  Options options;
  command.bind(options);
  std::string out = examples_text(command.examples);
  out += fmt::format("\n{}: {}.\n", command.path, command.summary);
  out += filled(command.details, longest_line);
  out += fmt::format("\nUsage: {}\n", usage_line(command, options));
  Lines lines;
  for (const Positional& positional : options.positionals())
    lines.push_back({positional.name, positional.help});
  if (!lines.empty()) out += fmt::format("\nArguments:\n{}", aligned(lines, 2));
  return out + flags_text("Flags", options) + global_flags_text();
}

std::string group_help(std::string_view path) {
  std::vector<Example> examples;
  Lines lines;
  for (const Command* command : all_commands()) {
    if (!command->path.starts_with(std::string(path) + " ")) continue;
    lines.push_back({std::string(command->path), std::string(command->summary)});
    if (examples.size() < 4) examples.push_back({command->examples.front().line, {}});
  }
  const std::string_view noun = path.substr(0, path.find(' '));
  std::string out = examples_text(examples);
  out += fmt::format("\n{}: {}.\n\nCommands:\n{}", noun, noun_summary(noun), aligned(lines, 2));
  return out + "\nMore about each: oauth2ctl " + std::string(path) + " VERB --help\n";
}

std::string overview() {
  std::string out = examples_text({
      {"oauth2ctl init --issuer https://auth.example.org", "make the database"},
      {"oauth2ctl scope create read --description 'See your data'", ""},
      {"oauth2ctl client create ci --grant client_credentials --scope read",
       "a service; its secret is shown once"},
      {"oauth2ctl user create alice --email alice@example.org", ""},
      {"oauth2ctl token create --user alice --name laptop --scope read --expires-in 30d", "a personal token"},
      {"oauth2ctl token verify --token-from env:TOKEN --scope read",
       "exit 0: good, 6: inactive, 7: lacks the scope"},
  });
  Lines lines;
  for (const std::string& noun : next_words("")) lines.push_back({noun, std::string(noun_summary(noun))});
  out +=
      "\nThe administrator's side of an OAuth 2.0 server. It works on the database, with or without "
      "oauth2d.\n";
  out += "\nUsage: oauth2ctl NOUN VERB [NAME|ID] [flags]\n\nCommands:\n" + aligned(lines, 2);
  return out + global_flags_text() +
         "\nMore: oauth2ctl NOUN --help, oauth2ctl NOUN VERB --help, man oauth2ctl\n";
}

}  // namespace

std::string help_text(std::string_view topic) {
  if (const Command* command = find_command(topic)) return command_help(*command);
  return topic.empty() ? overview() : group_help(topic);
}

std::string usage_line(const Command& command, const Options& options) {
  std::string out = fmt::format("oauth2ctl {}", command.path);
  for (const Positional& positional : options.positionals()) {
    const std::string word = positional.name + (positional.repeats ? "..." : "");
    out += positional.required ? " " + word : " [" + word + "]";
  }
  for (const Flag& flag : options.flags()) {
    if (flag.required) out += fmt::format(" {} {}", flag.name, flag.value_name);
  }
  return out + (options.flags().empty() ? "" : " [flags]");
}

std::string flag_form(const Flag& flag) {
  std::string out = flag.letter ? fmt::format("-{}, ", flag.letter) : "";
  out += flag.negatable ? "--[no-]" + flag.name.substr(2) : flag.name;
  return flag.value_name.empty() ? out : fmt::format("{} {}", out, flag.value_name);
}

}  // namespace oauth2::cli
