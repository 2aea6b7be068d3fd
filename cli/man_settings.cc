#include <fmt/format.h>

#include "cli/man.h"
#include "cli/roff.h"
#include "core/settings.h"
#include "core/version.h"

namespace oauth2::cli {
namespace {

std::string source() { return std::string("oauth2ctl ") + version; }

std::string default_of(const Setting& setting) {
  return setting.default_text.empty() ? "None by default."
                                      : fmt::format("Default: {}.", setting.default_text);
}

std::string sentence(std::string_view text) {
  std::string out(text);
  if (!out.ends_with('.')) out += '.';
  return out;
}

std::string toml_example(const Setting& setting) {
  const bool is_list = std::holds_alternative<std::vector<std::string> Settings::*>(setting.member);
  const bool is_bare = std::holds_alternative<bool Settings::*>(setting.member) ||
                       std::holds_alternative<Setting::Count>(setting.member);
  if (is_bare) return fmt::format("{} = {}", setting.name, setting.default_text);
  const std::string text = fmt::format("\"{}\"", setting.default_text);
  return fmt::format("{} = {}", setting.name, is_list ? "[" + text + "]" : text);
}

}  // namespace

std::string oauth2d_man() {
  Roff roff("OAUTH2D", 8, source());
  roff.section("NAME");
  roff.text("oauth2d - OAuth 2.0 authorization server");
  roff.section("SYNOPSIS");
  roff.text("oauth2d [--db URL] [--config FILE] [--SETTING VALUE]...");
  roff.section("DESCRIPTION");
  roff.text("oauth2d serves the database that oauth2ctl(1) made with 'oauth2ctl init'. It prints");
  roff.code("oauth2d: listening on http://127.0.0.1:9000");
  roff.paragraph(
      "to standard error once it accepts connections, and works in the foreground. What oauth2ctl changes it "
      "obeys on the next request. An older schema is brought up to date at the start.");
  roff.section("OPTIONS");
  roff.item("--help, --version", "What it takes; which version it is.");
  roff.item("--config FILE", "Settings to read; else /etc/oauth2ctl/oauth2ctl.toml if it is there.");
  for (const Setting& setting : all_settings()) {
    roff.item(fmt::format("{} {}", setting.flag(), setting.value_name),
              sentence(setting.help) + " " + default_of(setting));
  }
  roff.section("SIGNALS");
  roff.item("SIGHUP", "Reads the TLS certificate, the settings and the log file anew.");
  roff.item("SIGTERM, SIGINT", "Accepts no more connections, finishes what runs, and exits with 0.");
  roff.section("ENVIRONMENT");
  roff.text(
      "Every setting has a variable; a flag goes before it, and it goes before the file. They are in "
      "oauth2ctl.toml(5).");
  roff.section("EXIT STATUS");
  roff.item("0", "It was told to stop.");
  roff.item("1", "It failed, for one thing because the address is taken.");
  roff.item("2", "The command line or a setting is wrong.");
  roff.item("8", "The database is busy, unreachable, not initialised, foreign or newer.");
  roff.item("9", "File permissions stand in the way, or the database can be read by others.");
  roff.section("EXAMPLES");
  roff.code(
      "oauth2ctl init --issuer https://auth.example.org\n"
      "oauth2d --listen 127.0.0.1:9000 --trusted-proxies 127.0.0.1");
  roff.section("SEE ALSO");
  roff.text("oauth2ctl(1), oauth2ctl.toml(5)");
  return roff.take();
}

std::string settings_man() {
  Roff roff("OAUTH2CTL.TOML", 5, source());
  roff.section("NAME");
  roff.text("oauth2ctl.toml - settings of oauth2ctl and oauth2d");
  roff.section("DESCRIPTION");
  roff.text(
      "A TOML file, /etc/oauth2ctl/oauth2ctl.toml unless --config or OAUTH2CTL_CONFIG names another. Each "
      "setting is also an environment variable for both programs and a flag of oauth2d(8). A flag goes "
      "before the environment, that before the file, that before the default. A key a.b may be written in a "
      "table [a]. An unknown key is an error: 'oauth2ctl config check' tells, and 'oauth2ctl config show' "
      "shows what is in force and why.");
  roff.section("SETTINGS");
  for (const Setting& setting : all_settings()) {
    roff.item(fmt::format("{} ({})", setting.name, setting.value_name),
              fmt::format("{} {} Environment: {}. Flag: {}.", sentence(setting.help), default_of(setting),
                          setting.environment(), setting.flag()));
  }
  roff.section("EXAMPLES");
  std::string lines;
  for (const Setting& setting : all_settings()) {
    if (!setting.default_text.empty()) lines += (lines.empty() ? "" : "\n") + toml_example(setting);
  }
  roff.code(lines);
  roff.section("SEE ALSO");
  roff.text("oauth2ctl(1), oauth2d(8)");
  return roff.take();
}

}  // namespace oauth2::cli
