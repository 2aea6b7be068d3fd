// The only file that includes CLI11, which takes seconds to compile. It is given the one command's options,
// not the whole tree: that keeps the start short.
#include "cli/parser.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdlib>

#include "core/text.h"

namespace oauth2::cli {
namespace {

bool is_flag(std::string_view argument) { return argument.size() > 1 && argument[0] == '-'; }

// True when `argument` is a global flag whose value is the next argument.
bool takes_next(const Options& options, std::string_view argument) {
  if (argument.starts_with("--")) {
    const Flag* flag = options.find_flag(argument);
    return flag && !flag->value_name.empty();
  }
  for (std::size_t i = 1; i < argument.size(); ++i) {  // -q, -qo json, -ojson
    const Flag* flag = options.find_flag(std::string("-") + argument[i]);
    if (flag && !flag->value_name.empty()) return i + 1 == argument.size();
  }
  return false;
}

struct Line {
  std::string path;               // as many words as lead to a command
  std::string unknown_word;       // the first that leads nowhere
  std::vector<std::string> rest;  // all but those words
  bool wants_help = false;
};

// Finds the command's words among global flags.
Line split_line(const std::vector<std::string>& arguments, const Options& globals) {
  Line line;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") {
      line.rest.insert(line.rest.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i), arguments.end());
      break;
    }
    if (argument == "--help" || argument == "-h") {
      line.wants_help = true;
    } else if (is_flag(argument)) {
      line.rest.push_back(argument);
      if (takes_next(globals, argument) && i + 1 < arguments.size()) line.rest.push_back(arguments[++i]);
    } else if (line.path.empty() && line.rest.empty() && argument == "help") {
      line.wants_help = true;
    } else if (!line.unknown_word.empty() || find_command(line.path)) {
      line.rest.push_back(argument);
    } else {
      const std::string word(line.path.empty() ? unaliased(argument) : argument);
      const std::string longer = line.path.empty() ? word : line.path + " " + word;
      if (find_command(longer) || !next_words(longer).empty()) {
        line.path = longer;
      } else {
        line.unknown_word = argument;
      }
    }
  }
  return line;
}

[[noreturn]] void refuse_word(const Line& line) {
  const auto candidates = next_words(line.path);
  const std::string before = line.path.empty() ? "oauth2ctl" : "oauth2ctl " + line.path;
  if (line.unknown_word.empty()) {
    throw UsageError(line.path.empty() ? "a command is needed" : fmt::format("'{}' needs a verb", line.path),
                     fmt::format("{} {}", before, text::join(candidates, "|")));
  }
  const std::string near = text::nearest(line.unknown_word, candidates);
  throw UsageError(fmt::format("'{}' has no command '{}'", before, text::escape_controls(line.unknown_word)),
                   near.empty() ? before + " --help" : fmt::format("did you mean '{} {}'?", before, near));
}

[[noreturn]] void refuse_flag(const Command& command, const Options& options, const Options& globals,
                              const std::string& argument) {
  const std::string name = argument.substr(0, argument.find('='));
  std::vector<std::string> candidates;
  for (const Options* set : {&options, &globals}) {
    for (const Flag& flag : set->flags()) {
      candidates.push_back(flag.name);
      if (flag.negatable) candidates.push_back("--no-" + flag.name.substr(2));
    }
  }
  const std::string near = text::nearest(name, candidates);
  throw UsageError(fmt::format("'oauth2ctl {}' has no flag {}", command.path, text::escape_controls(name)),
                   near.empty() ? fmt::format("oauth2ctl {} --help", command.path)
                                : fmt::format("did you mean {}?", near));
}

struct Bound {
  const Flag* flag = nullptr;
  const Positional* positional = nullptr;
  CLI::Option* option = nullptr;
};

std::vector<Bound> bind_flags(CLI::App& app, const Options& options) {
  std::vector<Bound> bound;
  for (const Flag& flag : options.flags()) {
    const std::string names = (flag.letter ? fmt::format("-{},", flag.letter) : "") + flag.name;
    CLI::Option* option = nullptr;
    if (flag.value_name.empty()) {
      option = app.add_flag(flag.negatable ? names + ",!--no-" + flag.name.substr(2) : names);
    } else {
      option = app.add_option(names)->expected(1)->allow_extra_args(false);
      option->multi_option_policy(flag.repeats ? CLI::MultiOptionPolicy::TakeAll
                                               : CLI::MultiOptionPolicy::Throw);
    }
    option->required(flag.required);
    bound.push_back({&flag, nullptr, option});
  }
  for (const Positional& positional : options.positionals()) {
    CLI::Option* option = app.add_option(positional.name)->required(positional.required);
    if (positional.repeats) {
      option->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args();
    } else {
      option->expected(1)->allow_extra_args(false);
    }
    bound.push_back({nullptr, &positional, option});
  }
  return bound;
}

// --yes, --no-internal, --yes=false …
bool is_on(const Flag& flag, std::string value) {
  try {
    return CLI::detail::to_flag_value(std::move(value)) > 0;
  } catch (const std::invalid_argument&) {
    throw UsageError(fmt::format("{} is either true or false", flag.name));
  }
}

void hand_over(const std::vector<Bound>& bound, bool are_globals) {
  for (const Bound& entry : bound) {
    if (entry.option->count() == 0) {
      if (are_globals) set_from_environment(*entry.flag);
      continue;
    }
    for (const std::string& value : entry.option->results()) {
      if (entry.positional) {
        entry.positional->set(value);
      } else if (entry.flag->value_name.empty()) {
        entry.flag->set(is_on(*entry.flag, value) ? "true" : "false");
      } else {
        entry.flag->set(value);
      }
    }
  }
}

std::string missing_text(const std::vector<Bound>& bound) {
  for (const Bound& entry : bound) {
    if (entry.option->count() > 0) continue;
    if (entry.positional && entry.positional->required) return entry.positional->name;
    if (entry.flag && entry.flag->required)
      return fmt::format("{} {}", entry.flag->name, entry.flag->value_name);
  }
  return {};
}

// What CLI11 refused, in our words. Its own exit codes (106 …) must all become 2.
[[noreturn]] void refuse_line(const Command& command, const CLI::ParseError& error,
                              const std::vector<Bound>& bound) {
  const std::string help = fmt::format("oauth2ctl {} --help", command.path);
  if (dynamic_cast<const CLI::RequiredError*>(&error)) {
    if (const std::string missing = missing_text(bound); !missing.empty()) {
      throw UsageError(fmt::format("{} is missing", missing), help);
    }
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error)) {
    for (const Bound& entry : bound) {
      if (!entry.flag || !std::string_view(error.what()).starts_with(entry.flag->name + ":")) continue;
      const bool twice = entry.option->count() > 1;
      throw UsageError(fmt::format("{} {}", entry.flag->name, twice ? "is given twice" : "needs a value"),
                       help);
    }
  }
  throw UsageError(error.what(), help);
}

// "--name=" is a value that is empty; CLI11 would take the next argument instead. It reads from the back.
std::vector<std::string> for_cli11(const std::vector<std::string>& arguments) {
  std::vector<std::string> out;
  bool only_values = false;
  for (const std::string& argument : arguments) {
    only_values = only_values || argument == "--";
    if (!only_values && argument.starts_with("--") && argument.find('=') == argument.size() - 1) {
      out.push_back(argument.substr(0, argument.size() - 1));
      out.emplace_back();
    } else {
      out.push_back(argument);
    }
  }
  return {out.rbegin(), out.rend()};
}

}  // namespace

std::unique_ptr<Invocation> parse(const std::vector<std::string>& arguments) {
  auto invocation = std::make_unique<Invocation>();
  Options globals;
  invocation->globals.declare(globals);
  Line line = split_line(arguments, globals);
  if (line.path.empty() && line.unknown_word.empty() && line.rest == std::vector<std::string>{"--version"}) {
    line = {"version", {}, {}, false};
  }
  invocation->topic = line.path;
  invocation->command = find_command(line.path);
  invocation->wants_help = line.wants_help && (invocation->command || line.unknown_word.empty());
  if (invocation->wants_help) return invocation;
  if (!invocation->command) refuse_word(line);

  Options options;
  invocation->action = invocation->command->bind(options);
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  const auto bound_globals = bind_flags(app, globals);
  const auto bound = bind_flags(app, options);
  const auto refuse_unknown = [&] {
    for (const std::string& extra : app.remaining()) {
      if (extra == "--") return;  // values from there on
      if (is_flag(extra)) refuse_flag(*invocation->command, options, globals, extra);
    }
  };
  try {
    app.parse(for_cli11(line.rest));
  } catch (const CLI::ParseError& error) {
    refuse_unknown();
    auto all = bound;
    all.insert(all.end(), bound_globals.begin(), bound_globals.end());
    refuse_line(*invocation->command, error, all);
  }
  refuse_unknown();
  for (const std::string& extra : app.remaining()) {
    if (extra == "--") continue;
    throw UsageError(fmt::format("unexpected argument '{}'", text::escape_controls(extra)),
                     fmt::format("oauth2ctl {} --help", invocation->command->path));
  }
  hand_over(bound_globals, true);
  hand_over(bound, false);
  return invocation;
}

bool wants_json_errors(const std::vector<std::string>& arguments) {
  const char* twin = std::getenv("OAUTH2CTL_OUTPUT");
  std::string format = twin ? twin : "";
  for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    const std::string& argument = arguments[i];
    if ((argument == "-o" || argument == "--output") && i + 1 < arguments.size()) format = arguments[i + 1];
    if (argument.starts_with("--output=")) format = argument.substr(9);
    if (argument.starts_with("-o") && argument.size() > 2) format = argument.substr(2);
  }
  return format == "json" || format == "jsonl";
}

}  // namespace oauth2::cli
