#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/counting.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

// The settings as they would be without anyone's wish: flags hide what environment and file say.
FlagValues default_flags() {
  FlagValues flags;
  const Settings defaults;
  for (const Setting& setting : all_settings()) {
    const auto* list = std::get_if<std::vector<std::string> Settings::*>(&setting.member);
    flags[std::string(setting.name)] =
        list ? defaults.*(*list) : std::vector<std::string>{setting_text(defaults, setting)};
  }
  return flags;
}

// What is wrong with one setting's values, judged alone; "" when they are fine. `source` is put in the place
// of the flag by whose name load_settings speaks of it.
std::string problem_of(const Setting& setting, const std::vector<std::string>& values,
                       const std::string& source) {
  FlagValues flags = default_flags();
  flags[std::string(setting.name)] = values;
  try {
    load_settings(flags, "/dev/null");
    return {};
  } catch (const SettingError& error) {
    std::string message = error.what();
    const std::string label = "(" + setting.flag() + ")";
    if (const auto at = message.find(label); at != std::string::npos)
      message.replace(at, label.size(), "(" + source + ")");
    return message;
  }
}

std::vector<std::string> environment_problems() {
  std::vector<std::string> problems;
  for (const Setting& setting : all_settings()) {
    const char* value = std::getenv(setting.environment().c_str());
    if (!value || !*value || std::holds_alternative<std::vector<std::string> Settings::*>(setting.member))
      continue;
    const std::string problem = problem_of(setting, {value}, setting.environment());
    if (!problem.empty()) problems.push_back(problem);
  }
  return problems;
}

std::vector<std::string> file_problems(const std::string& path) {
  std::vector<std::string> problems;
  std::vector<std::string> names;
  for (const Setting& setting : all_settings()) names.emplace_back(setting.name);
  for (const auto& [key, values] : read_settings_file(path)) {
    const auto known = std::find(names.begin(), names.end(), key);
    if (known == names.end()) {
      const std::string near = text::nearest(key, names);
      problems.push_back(fmt::format("{}: unknown setting '{}'{}", path, text::escape_controls(key),
                                     near.empty() ? "" : fmt::format(", did you mean '{}'?", near)));
      continue;
    }
    const Setting& setting = all_settings()[static_cast<std::size_t>(known - names.begin())];
    const std::string problem = problem_of(setting, values, path);
    if (!problem.empty()) problems.push_back(problem);
  }
  return problems;
}

// All problems, not only the first, which is where load_settings ends.
std::vector<std::string> all_problems(Console& console) {
  try {
    return check_settings(console.settings().settings);
  } catch (const SettingError& first) {
    auto problems = environment_problems();
    try {
      if (console.globals().config) {
        for (auto& problem : file_problems(*console.globals().config)) problems.push_back(std::move(problem));
      }
    } catch (const SettingError& unreadable) {
      problems.emplace_back(unreadable.what());
    }
    if (problems.empty()) problems.emplace_back(first.what());
    return problems;
  }
}

Exit run(Console& console) {
  const auto problems = all_problems(console);
  std::vector<Record> records;
  for (const std::string& problem : problems) records.push_back({{"problem", problem}});
  console.print(records);
  if (records.empty()) return Exit::done;
  console.flush();
  throw CommandError(
      Exit::refused,
      fmt::format("the settings have {}", counted(static_cast<std::int64_t>(records.size()), "problem")));
}

Action bind(Options&) { return run; }

}  // namespace

extern const Command config_check;
const Command config_check = {
    .path = "config check",
    .summary = "look for mistakes in the settings: exit code 0, or 5 with a list of problems",
    .details = "",
    .examples = {{"oauth2ctl config check", ""},
                 {"oauth2ctl --config new.toml config check", "before it is installed"}},
    .shape = problem_shape,
    .bind = bind};

}  // namespace oauth2::cli
