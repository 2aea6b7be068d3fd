#pragma once

#include <optional>
#include <string>

#include "cli/options.h"

namespace oauth2::cli {

// The flags that every command has, before or after the verb. Each has an environment twin OAUTH2CTL_….
struct Globals {
  std::optional<std::string> db;  // its twin is read with the settings
  std::optional<std::string> config;
  std::string output = "table";
  bool quiet = false;
  bool yes = false;
  bool no_input = false;
  bool dry_run = false;
  std::string color = "auto";
  std::optional<std::string> reason;
  std::optional<std::string> actor;

  void declare(Options& options);
};

// "--dry-run" → "OAUTH2CTL_DRY_RUN".
std::string environment_twin(const Flag& flag);

// Fills in from the environment. UsageError where a switch is neither true nor false.
void set_from_environment(const Flag& flag);

}  // namespace oauth2::cli
