#include <doctest/doctest.h>

#include <set>

#include "cli/command.h"
#include "cli/globals.h"
#include "cli/help.h"

namespace cli = oauth2::cli;

TEST_CASE("every command has a summary, and an example that runs it") {
  for (const cli::Command* command : cli::all_commands()) {
    CAPTURE(command->path);
    CHECK_FALSE(command->summary.empty());
    CHECK_FALSE(command->summary.ends_with('.'));
    REQUIRE_FALSE(command->examples.empty());
    for (const auto& example : command->examples) {
      CHECK(example.line.find(command->path) != std::string_view::npos);
    }
    CHECK(cli::help_text(command->path).starts_with("Examples:\n"));
  }
}

TEST_CASE("no command stands twice in the table, and none leads to another") {
  std::set<std::string_view> paths;
  for (const cli::Command* command : cli::all_commands()) {
    CHECK(paths.insert(command->path).second);
    CHECK(cli::next_words(command->path).empty());
  }
}

TEST_CASE("a command's flags are its own: none twice, none that is global") {
  cli::Options global_options;
  cli::Globals globals;
  globals.declare(global_options);
  for (const cli::Command* command : cli::all_commands()) {
    std::set<std::string> names;
    cli::Options options;
    command->bind(options);
    for (const cli::Flag& flag : options.flags()) {
      CAPTURE(flag.name);
      CHECK(names.insert(flag.name).second);
      CHECK(global_options.find_flag(flag.name) == nullptr);
      CHECK_FALSE(flag.help.empty());
    }
  }
}

TEST_CASE("every global flag has an environment twin") {
  cli::Options options;
  cli::Globals globals;
  globals.declare(options);
  CHECK(cli::environment_twin(*options.find_flag("--dry-run")) == "OAUTH2CTL_DRY_RUN");
  CHECK(cli::environment_twin(*options.find_flag("-o")) == "OAUTH2CTL_OUTPUT");
}

TEST_CASE("a field that -q or -o env names is one that the command prints") {
  for (const cli::Command* command : cli::all_commands()) {
    if (!command->shape) continue;
    CAPTURE(command->path);
    const cli::Shape shape = command->shape();
    for (const std::string& key : shape.quiet) CHECK(shape.find(key) != nullptr);
    for (const auto& [variable, key] : shape.variables) CHECK(shape.find(key) != nullptr);
  }
}

TEST_CASE("a group offers its verbs, each once") {
  CHECK(cli::next_words("client secret") == std::vector<std::string>{"add", "list", "revoke", "verify"});
  CHECK(cli::next_words("nothing").empty());
  CHECK(cli::unaliased("pat") == "token");
}
