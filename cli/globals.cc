#include "cli/globals.h"

#include <fmt/format.h>

#include <cstdlib>

#include "cli/exit_code.h"
#include "core/text.h"

namespace oauth2::cli {

void Globals::declare(Options& options) {
  options.value("--db", "URL", db, "the database: sqlite:PATH or a bare PATH").offers(Offer::file);
  options
      .value("--config", "FILE", config, "settings, shared with oauth2d; else /etc/oauth2ctl/oauth2ctl.toml")
      .offers(Offer::file);
  options.value("--output", "FORMAT", output, "table, json, jsonl, csv, env, github or value=FIELD")
      .offers(Offer::format)
      .one_of({"table", "json", "jsonl", "csv", "env", "github", "value="})
      .letter = 'o';
  options.on("--quiet", quiet, "print only the one thing that a script wants").letter = 'q';
  options.on("--yes", yes, "do not ask before something is destroyed").letter = 'y';
  options.on("--no-input", no_input, "never ask, even on a terminal");
  options.on("--dry-run", dry_run, "say what would change, change nothing");
  options.value("--color", "WHEN", color, "auto, always or never").one_of({"auto", "always", "never"});
  options.value("--reason", "TEXT", reason, "why, for the audit log");
  options.value("--as", "ACTOR", actor, "who, for the audit log; else the user of the operating system");
}

std::string environment_twin(const Flag& flag) {
  std::string out = "OAUTH2CTL_";
  for (const char c : std::string_view(flag.name).substr(2)) {
    out += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return out;
}

void set_from_environment(const Flag& flag) {
  const std::string name = environment_twin(flag);
  const char* found = std::getenv(name.c_str());
  if (flag.name == "--db" || !found || !*found) return;
  const std::string value = found;
  if (!flag.value_name.empty()) {
    flag.set(value);
  } else if (value == "true" || value == "1" || value == "yes" || value == "on") {
    flag.set("true");
  } else if (value == "false" || value == "0" || value == "no" || value == "off") {
    flag.set("false");
  } else {
    throw UsageError(fmt::format("{}: '{}' is neither true nor false", name, text::escape_controls(value)));
  }
}

}  // namespace oauth2::cli
