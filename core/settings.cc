#include "core/settings.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include "core/text.h"
#include "core/time.h"

namespace oauth2 {
namespace {

using S = Settings;
constexpr std::int64_t unbounded = std::numeric_limits<std::int32_t>::max();

const std::vector<Setting> table = {
    {"db", "URL", "/var/lib/oauth2ctl/oauth2.db",
     "the database: sqlite:PATH, a bare PATH, or postgresql://USER@HOST/DATABASE. Without root: "
     "oauth2ctl/oauth2.db under $XDG_DATA_HOME",
     &S::db},
    {"issuer", "URL", "http://127.0.0.1:9000",
     "the server's public address, as clients see it (RFC 8414); else what 'init --issuer' stored",
     &S::issuer},
    {"listen", "ADDRESS", "127.0.0.1:9000", "HOST:PORT, [IPV6]:PORT or unix:PATH; may repeat", &S::listen},
    {"tls_cert", "FILE", "", "certificate chain (PEM); with tls_key the server speaks https", &S::tls_cert},
    {"tls_key", "FILE", "", "private key of tls_cert (PEM)", &S::tls_key},
    {"trusted_proxies", "ADDRESS", "",
     "addresses or networks (CIDR) whose X-Forwarded-For is believed, 'unix' for unix sockets; may repeat",
     &S::trusted_proxies},
    {"max_connections", "N", "1024", "connections at once; beyond that the one idle longest is closed",
     Setting::Count{&S::max_connections, 1, 100'000}},
    {"server_key", "SOURCE", "",
     "seals the private keys in the database: file:PATH, env:NAME or credential:NAME; "
     "else DATABASE.key beside an SQLite file",
     &S::server_key},
    {"require_pkce", "CLIENTS", "public", "who must use PKCE (RFC 7636): public clients, or all",
     &S::require_pkce},
    {"require_par", "BOOL", "false", "only pushed authorization requests count (RFC 9126), of all clients",
     &S::require_par},
    {"theme", "DIR", "", "a folder whose templates, stylesheet, logo and texts take the place of ours",
     &S::theme},
    {"allow_query_tokens", "BOOL", "false",
     "take bearer tokens from ?access_token= and forms too (RFC 6750 2.2, 2.3)", &S::allow_query_tokens},
    {"password_grant", "BOOL", "false",
     "offer the password grant to clients registered for it (RFC 9700 2.4 advises against it)",
     &S::password_grant},
    {"local_sign_in", "BOOL", "true",
     "offer signing in with a password; false: only with an account at one of the providers",
     &S::local_sign_in},
    {"authorization_code_ttl", "DURATION", "1m", "how long an authorization code waits to be redeemed",
     Setting::Duration{&S::authorization_code_ttl}},
    {"access_token_ttl", "DURATION", "1h", "how long an access token lives, unless its client says otherwise",
     Setting::Duration{&S::access_token_ttl}},
    {"refresh_token_idle", "DURATION", "30d", "how long a refresh token waits to be used",
     Setting::Duration{&S::refresh_token_idle}},
    {"refresh_token_ttl", "DURATION", "180d",
     "how long tokens can be refreshed in all, from the first one on, unless their client says otherwise",
     Setting::Duration{&S::refresh_token_ttl}},
    {"rate_limit.failures", "N", "100",
     "failed client authentications a minute, by client and address, before 429; 0: no limit",
     Setting::Count{&S::rate_limit_failures, 0, unbounded}},
    {"rate_limit.token", "N", "0", "token requests a minute, by client and address, before 429; 0: no limit",
     Setting::Count{&S::rate_limit_token, 0, unbounded}},
    {"rate_limit.introspect", "N", "0",
     "introspection requests a minute, by client and address, before 429; 0: no limit",
     Setting::Count{&S::rate_limit_introspect, 0, unbounded}},
    {"rate_limit.device", "N", "60",
     "device authorization requests a minute, by client and address, before 429; 0: no limit",
     Setting::Count{&S::rate_limit_device, 0, unbounded}},
    {"rate_limit.par", "N", "300",
     "pushed authorization requests a minute, by client and address, before 429; 0: no limit",
     Setting::Count{&S::rate_limit_par, 0, unbounded}},
    {"rate_limit.authorize", "N", "60",
     "authorization requests a minute that are stored, by user, or by client and address, and sign-ins that "
     "are started with a provider, by provider and address, before 429; 0: no limit",
     Setting::Count{&S::rate_limit_authorize, 0, unbounded}},
    {"session_idle", "DURATION", "12h",
     "how long a browser stays signed in without being used, unless the user asked to stay signed in",
     Setting::Duration{&S::session_idle}},
    {"session_ttl", "DURATION", "30d", "how long a browser stays signed in, at most",
     Setting::Duration{&S::session_ttl}},
    {"account.applications", "WHO", "all",
     "who registers and changes the clients that users own: the users themselves too (all), or oauth2ctl "
     "alone (admin: users see theirs, reset a secret and delete); off: users do not see them",
     &S::account_applications},
    {"account.personal_tokens", "WHO", "all",
     "who makes and changes personal tokens: the users themselves too (all), or oauth2ctl alone (admin: "
     "users see and revoke theirs); off: users do not see them",
     &S::account_personal_tokens},
    {"account.token_max_lifetime", "DURATION", "",
     "how long the personal tokens that users make, extend or rotate may live, at most",
     Setting::Limit{&S::account_token_max_lifetime}},
    {"account.token_scopes", "SCOPE", "",
     "which scopes users may give their own tokens; none named: all that are not internal; may repeat",
     &S::account_token_scopes},
    {"prune.interval", "DURATION", "1h", "how often the server deletes what expired long ago",
     Setting::Duration{&S::prune_interval}},
    {"prune.after", "DURATION", "30d", "how long expired and revoked tokens are kept for 'token list --all'",
     Setting::Duration{&S::prune_after}},
    {"log.format", "FORMAT", "text", "text or json", &S::log_format},
    {"log.file", "FILE", "", "where the log goes instead of stderr; opened anew on SIGHUP", &S::log_file},
};

constexpr const char* default_config_file = "/etc/oauth2ctl/oauth2ctl.toml";

std::optional<std::string> environment_value(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value && *value ? std::optional<std::string>(value) : std::nullopt;
}

std::string default_db() {
  if (::geteuid() == 0) return "/var/lib/oauth2ctl/oauth2.db";
  if (const auto data_home = environment_value("XDG_DATA_HOME")) return *data_home + "/oauth2ctl/oauth2.db";
  return environment_value("HOME").value_or("") + "/.local/share/oauth2ctl/oauth2.db";
}

[[noreturn]] void refuse(const Setting& setting, std::string_view source, std::string_view value,
                         std::string_view expected) {
  throw SettingError(
      fmt::format("{} ({}): '{}' is not {}", setting.name, source, text::escape_controls(value), expected));
}

std::int64_t parse_count(const Setting& setting, std::string_view source, const std::string& value,
                         const Setting::Count& count) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || number < count.least ||
      number > count.most) {
    refuse(setting, source, value, fmt::format("a number from {} to {}", count.least, count.most));
  }
  return number;
}

bool parse_bool(const Setting& setting, std::string_view source, const std::string& value) {
  if (value == "true" || value == "1" || value == "yes" || value == "on") return true;
  if (value == "false" || value == "0" || value == "no" || value == "off") return false;
  refuse(setting, source, value, "true or false");
}

std::int64_t parse_seconds(const Setting& setting, std::string_view source, const std::string& value) {
  const auto seconds = parse_duration(value);
  if (!seconds) refuse(setting, source, value, "a duration such as 90s, 15m, 12h, 30d or 1y");
  return *seconds;
}

void assign(Settings& settings, const Setting& setting, std::string_view source,
            const std::vector<std::string>& values) {
  const auto only = [&]() -> const std::string& {
    if (values.size() != 1) throw SettingError(fmt::format("{} ({}): takes one value", setting.name, source));
    return values.front();
  };
  if (const auto* list = std::get_if<std::vector<std::string> Settings::*>(&setting.member)) {
    settings.*(*list) = values;
  } else if (const auto* words = std::get_if<std::string Settings::*>(&setting.member)) {
    settings.*(*words) = only();
  } else if (const auto* flag = std::get_if<bool Settings::*>(&setting.member)) {
    settings.*(*flag) = parse_bool(setting, source, only());
  } else if (const auto* count = std::get_if<Setting::Count>(&setting.member)) {
    settings.*(count->member) = parse_count(setting, source, only(), *count);
  } else if (const auto* limit = std::get_if<Setting::Limit>(&setting.member)) {
    settings.*(*limit) =
        only().empty() ? std::nullopt : std::optional(parse_seconds(setting, source, only()));
  } else {
    settings.*std::get<Setting::Duration>(setting.member) = parse_seconds(setting, source, only());
  }
}

// Lists come as several flags, a TOML array, or comma-separated words in the environment.
std::vector<std::string> environment_values(const Setting& setting, const std::string& value) {
  if (!std::holds_alternative<std::vector<std::string> Settings::*>(setting.member)) return {value};
  std::vector<std::string> values;
  for (const std::string_view part : text::split(value, ',')) {
    if (!text::trim(part).empty()) values.emplace_back(text::trim(part));
  }
  return values;
}

void refuse_unknown_keys(const FlagValues& file, const std::string& path) {
  std::vector<std::string> names;
  for (const Setting& setting : all_settings()) names.emplace_back(setting.name);
  for (const auto& [key, values] : file) {
    if (std::find(names.begin(), names.end(), key) != names.end()) continue;
    const std::string near = text::nearest(key, names);
    throw SettingError(fmt::format("{}: unknown setting '{}'{}", path, text::escape_controls(key),
                                   near.empty() ? "" : fmt::format(", did you mean '{}'?", near)));
  }
}

}  // namespace

const std::vector<Setting>& all_settings() { return table; }

std::string Setting::environment() const {
  std::string out = "OAUTH2CTL_";
  for (const char c : name) {
    out += c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return out;
}

std::string Setting::flag() const {
  std::string out = "--";
  for (const char c : name) out += c == '.' || c == '_' ? '-' : c;
  return out;
}

LoadedSettings load_settings(const FlagValues& flags, const std::optional<std::string>& config_file) {
  LoadedSettings loaded;
  loaded.settings.db = default_db();
  FlagValues file;
  std::error_code ignored;
  if (config_file || std::filesystem::exists(default_config_file, ignored)) {
    loaded.config_file = config_file.value_or(default_config_file);
    file = read_settings_file(loaded.config_file);
    refuse_unknown_keys(file, loaded.config_file);
  }
  for (const Setting& setting : all_settings()) {
    const auto take = [&](std::string_view source, std::string_view label,
                          const std::vector<std::string>& values) {
      assign(loaded.settings, setting, label, values);
      loaded.source[std::string(setting.name)] = source;
    };
    if (const auto flag = flags.find(setting.name); flag != flags.end()) {
      take("flag", setting.flag(), flag->second);
    } else if (const auto value = environment_value(setting.environment())) {
      take("environment", setting.environment(), environment_values(setting, *value));
    } else if (const auto key = file.find(setting.name); key != file.end()) {
      take("file", loaded.config_file, key->second);
    } else {
      loaded.source[std::string(setting.name)] = "default";
    }
  }
  return loaded;
}

std::string setting_text(const Settings& settings, const Setting& setting) {
  if (const auto* list = std::get_if<std::vector<std::string> Settings::*>(&setting.member)) {
    return text::join(settings.*(*list), ",");
  }
  if (const auto* words = std::get_if<std::string Settings::*>(&setting.member)) {
    return setting.name == "db" ? text::without_password(settings.*(*words)) : settings.*(*words);
  }
  if (const auto* flag = std::get_if<bool Settings::*>(&setting.member))
    return settings.*(*flag) ? "true" : "false";
  if (const auto* count = std::get_if<Setting::Count>(&setting.member)) {
    return fmt::format("{}", settings.*(count->member));
  }
  if (const auto* limit = std::get_if<Setting::Limit>(&setting.member)) {
    return settings.*(*limit) ? format_duration(*(settings.*(*limit))) : "";
  }
  return format_duration(settings.*std::get<Setting::Duration>(setting.member));
}

std::vector<std::string> check_settings(const Settings& settings) {
  std::vector<std::string> problems;
  if (const auto problem = issuer_problem(settings.issuer)) problems.push_back("issuer: " + *problem);
  if (settings.tls_cert.empty() != settings.tls_key.empty()) {
    problems.emplace_back("tls_cert and tls_key: one is useless without the other");
  }
  if (settings.log_format != "text" && settings.log_format != "json") {
    problems.push_back(
        fmt::format("log.format: '{}' is not text or json", text::escape_controls(settings.log_format)));
  }
  if (settings.require_pkce != "public" && settings.require_pkce != "all") {
    problems.push_back(
        fmt::format("require_pkce: '{}' is not public or all", text::escape_controls(settings.require_pkce)));
  }
  for (const auto& [name, who] : {std::pair("account.applications", settings.account_applications),
                                  std::pair("account.personal_tokens", settings.account_personal_tokens)}) {
    if (who != "all" && who != "admin" && who != "off") {
      problems.push_back(fmt::format("{}: '{}' is not all, admin or off", name, text::escape_controls(who)));
    }
  }
  if (settings.listen.empty()) problems.emplace_back("listen: at least one address is needed");
  return problems;
}

std::optional<std::string> exposed_password(const LoadedSettings& loaded) {
  const auto source = loaded.source.find("db");
  if (source == loaded.source.end()) return std::nullopt;
  if (text::without_password(loaded.settings.db) == loaded.settings.db) return std::nullopt;
  if (source->second == "flag") {
    return "the password in --db can be read in the process list: put the URL into OAUTH2CTL_DB or the "
           "configuration, or the password into PGPASSWORD or ~/.pgpass";
  }
  std::error_code ignored;
  const auto mode = std::filesystem::status(loaded.config_file, ignored).permissions();
  const bool for_all = (mode & std::filesystem::perms::others_read) != std::filesystem::perms::none;
  if (source->second == "file" && for_all)
    return "the password in " + loaded.config_file + " can be read by everybody: chmod o-r";
  return std::nullopt;
}

std::optional<std::string> issuer_problem(std::string_view issuer) {
  const auto after = [&](std::string_view scheme) {
    return issuer.starts_with(scheme) ? std::optional(issuer.substr(scheme.size())) : std::nullopt;
  };
  const auto https = after("https://");
  const auto http = after("http://");
  if (!https && !http) return "must start with https:// (or http:// on loopback)";
  if (issuer.find_first_of("?#@\\ \"<>") != std::string_view::npos || text::has_control(issuer) ||
      !text::is_utf8(issuer)) {
    return "must have no query, fragment, user or blank";
  }
  if (issuer.ends_with('/')) return "must not end with /";
  const std::string_view rest = https ? *https : *http;
  const std::string_view authority = rest.substr(0, rest.find('/'));
  if (authority.empty()) return "names no host";
  if (http) {
    std::string_view host = authority;
    if (!authority.ends_with(']')) host = authority.substr(0, authority.rfind(':'));
    if (host != "127.0.0.1" && host != "localhost" && host != "[::1]") {
      return "http:// is for 127.0.0.1, [::1] and localhost only; others need https://";
    }
  }
  return std::nullopt;
}

}  // namespace oauth2
