#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace oauth2 {

// What an operator may set; each stands once, in the table all_settings(). Durations are seconds.
struct Settings {
  std::string db;
  std::string issuer = "http://127.0.0.1:9000";
  std::vector<std::string> listen = {"127.0.0.1:9000"};
  std::string tls_cert;
  std::string tls_key;
  std::vector<std::string> trusted_proxies;
  std::int64_t max_connections = 1024;
  std::string server_key;
  std::string require_pkce = "public";  // public, all
  bool require_par = false;
  std::string theme;
  bool allow_query_tokens = false;
  bool password_grant = false;
  bool local_sign_in = true;
  std::int64_t access_token_ttl = 3600;
  std::int64_t authorization_code_ttl = 60;
  std::int64_t refresh_token_idle = 30 * 86'400;
  std::int64_t refresh_token_ttl = 180 * 86'400;
  std::int64_t rate_limit_failures = 100;
  std::int64_t rate_limit_token = 0;
  std::int64_t rate_limit_introspect = 0;
  std::int64_t rate_limit_device = 60;
  std::int64_t rate_limit_par = 300;
  std::int64_t rate_limit_authorize = 60;
  std::int64_t prune_interval = 3600;
  std::int64_t prune_after = 30 * 86'400;
  std::int64_t session_idle = 12 * 3600;
  std::int64_t session_ttl = 30 * 86'400;
  std::string account_applications = "all";     // all, admin, off
  std::string account_personal_tokens = "all";  // all, admin, off
  std::optional<std::int64_t> account_token_max_lifetime;
  std::vector<std::string> account_token_scopes;  // empty: all that are not internal
  std::string log_format = "text";
  std::string log_file;
};

// One row of the table: TOML key `a.b`, environment OAUTH2CTL_A_B, flag --a-b.
struct Setting {
  using Duration = std::int64_t Settings::*;
  using Limit = std::optional<std::int64_t> Settings::*;  // a duration; "" for none
  struct Count {
    std::int64_t Settings::*member;
    std::int64_t least;
    std::int64_t most;
  };

  std::string_view name;
  std::string_view value_name;    // as help texts show it: URL, FILE, DURATION …
  std::string_view default_text;  // as help texts show it
  std::string_view help;
  std::variant<std::string Settings::*, std::vector<std::string> Settings::*, bool Settings::*, Duration,
               Limit, Count>
      member;

  std::string environment() const;
  std::string flag() const;  // with its two dashes
};

const std::vector<Setting>& all_settings();

// A value that cannot be; the message names the setting and where it came from.
struct SettingError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct LoadedSettings {
  Settings settings;
  std::map<std::string, std::string, std::less<>> source;  // flag, environment, file, database or default
  std::string config_file;                                 // "" when none was read

  bool is_default(std::string_view name) const {
    const auto found = source.find(name);
    return found != source.end() && found->second == "default";
  }
};

using FlagValues = std::map<std::string, std::vector<std::string>, std::less<>>;  // setting name → values

// Flag before environment before file before default. `config_file`: read if given and then it must exist;
// else /etc/oauth2ctl/oauth2ctl.toml is read if it is there. Throws SettingError.
LoadedSettings load_settings(const FlagValues& flags, const std::optional<std::string>& config_file);

// The value as the file would have it.
std::string setting_text(const Settings& settings, const Setting& setting);

// Problems that stand between settings, such as a certificate without its key; empty when there are none.
std::vector<std::string> check_settings(const Settings& settings);

// What to tell whoever put a database's password where every user of the machine can read it: on the command
// line, or in a file that all may read; nullopt when nobody did.
std::optional<std::string> exposed_password(const LoadedSettings& loaded);

// Why `issuer` cannot be one (RFC 8414 section 2: https, or http on loopback; no query, no fragment), or
// nullopt.
std::optional<std::string> issuer_problem(std::string_view issuer);

// settings_file.cc: the keys of a TOML file as texts; lists have several. Throws SettingError naming the
// line.
FlagValues read_settings_file(const std::string& path);

}  // namespace oauth2
