#include "server/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>
#include <vector>

#include "core/text.h"
#include "core/version.h"

namespace oauth2::server {
namespace {

constexpr int usage_error = 2;

void explain_usage_error(const CLI::ParseError& error, int argc, char** argv) {
  fmt::print(stderr, "oauth2d: {}\n", text::escape_controls(error.what()));
  std::vector<std::string> known = {"--config", "--help", "--version"};
  for (const Setting& setting : all_settings()) known.push_back(setting.flag());
  for (int i = 1; i < argc; ++i) {
    const std::string flag = std::string(argv[i]).substr(0, std::string(argv[i]).find('='));
    if (!flag.starts_with("--") || std::find(known.begin(), known.end(), flag) != known.end()) continue;
    const std::string near = text::nearest(flag, known);
    if (!near.empty()) fmt::print(stderr, "  hint: did you mean {}?\n", near);
  }
}

}  // namespace

CommandLine parse_command_line(int argc, char** argv) {
  CommandLine line;
  CLI::App app(
      "oauth2d serves OAuth 2.0 from the database that oauth2ctl keeps.\n\n"
      "Examples:\n  oauth2d\n  oauth2d --db ./oauth2.db --listen 127.0.0.1:9000\n"
      "  oauth2d --listen 0.0.0.0:443 --tls-cert chain.pem --tls-key key.pem\n",
      "oauth2d");
  app.set_version_flag("--version", std::string("oauth2d ") + version);
  app.add_option("--config", line.config_file,
                 "configuration file [/etc/oauth2ctl/oauth2ctl.toml if it exists]")
      ->type_name("FILE")
      ->envname("OAUTH2CTL_CONFIG");
  std::map<std::string, std::vector<std::string>> values;
  for (const Setting& setting : all_settings()) {
    std::string help(setting.help);
    if (!setting.default_text.empty()) help += fmt::format(" [{}]", setting.default_text);
    auto* option = app.add_option(setting.flag(), values[std::string(setting.name)], help);
    option->type_name(std::string(setting.value_name))->expected(1)->allow_extra_args(false);
    if (std::holds_alternative<std::vector<std::string> Settings::*>(setting.member)) {
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    } else {
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    }
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      app.exit(error);
      line.exit_code = 0;
    } else {
      explain_usage_error(error, argc, argv);
      line.exit_code = usage_error;
    }
  }
  for (auto& [name, given] : values) {
    if (!given.empty()) line.flags[name] = given;
  }
  return line;
}

}  // namespace oauth2::server
