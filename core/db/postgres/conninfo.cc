#include "core/db/postgres/conninfo.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

#include "core/db/error.h"
#include "core/text.h"

namespace oauth2::db {
namespace {

constexpr std::array<std::pair<std::string_view, const char*>, 5> defaults = {{
    {"connect_timeout", "5"},      // seconds
    {"tcp_user_timeout", "5000"},  // ms without an acknowledgement
    {"keepalives_idle", "10"},
    {"keepalives_interval", "5"},
    {"keepalives_count", "3"},
}};

std::string_view value_of(const PQconninfoOption* options, std::string_view keyword) {
  for (; options->keyword != nullptr; ++options) {
    if (options->keyword == keyword && options->val != nullptr) return options->val;
  }
  return "";
}

// For what the URL leaves open; libpq's environment and a service file go before it.
const char* default_of(const PQconninfoOption* options, const PQconninfoOption& option) {
  const std::string_view keyword = option.keyword;
  if (keyword == "fallback_application_name") return program_invocation_short_name;  // in pg_stat_activity
  if (option.envvar != nullptr && std::getenv(option.envvar) != nullptr) return nullptr;
  if (!value_of(options, "service").empty() || std::getenv("PGSERVICE") != nullptr) return nullptr;
  // Of several hosts, the one that is no standby.
  const bool several = value_of(options, "host").find(',') != std::string_view::npos;
  if (keyword == "target_session_attrs" && several) return "read-write";
  for (const auto& [name, value] : defaults) {
    if (name == keyword) return value;
  }
  return nullptr;
}

std::string quoted(std::string_view value) {
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

// A keyword that is written with %XX could be `password`, and be shown.
bool hides_keyword(std::string_view url) {
  const auto query = url.find('?');
  if (query == std::string_view::npos) return false;
  const auto pairs = text::split(url.substr(query + 1), '&');
  return std::any_of(pairs.begin(), pairs.end(), [](std::string_view pair) {
    return pair.substr(0, pair.find('=')).find('%') != std::string_view::npos;
  });
}

// An @, / or ? of the password that is not written as %XX would make the rest of it a host, a port or a
// database, and messages name those.
bool is_ambiguous(std::string_view url) {
  const std::string_view before_query = url.substr(0, url.find('?'));
  const auto authority = before_query.find("://");
  if (authority == std::string_view::npos) return true;
  const auto path = before_query.find('/', authority + 3);
  const auto at = before_query.rfind('@');
  return at != std::string_view::npos && (at > path || before_query.find('@') != at);
}

}  // namespace

std::string postgres_conninfo(const std::string& url) {
  char* problem = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(url.c_str(), &problem), PQconninfoFree);
  if (!options || url.find('\0') != std::string::npos || is_ambiguous(url) || hides_keyword(url)) {
    PQfreemem(problem);  // it quotes what it stumbled over, and that may be a piece of the password
    throw Error(Error::Kind::refused, "the PostgreSQL URL is malformed",
                "postgresql://USER@HOST:PORT/DATABASE?NAME=VALUE; other characters in it as %XX");
  }
  std::string conninfo = "client_encoding='UTF8'";
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    const std::string_view keyword = option->keyword;
    const char* value = option->val != nullptr ? option->val : default_of(options.get(), *option);
    if (value == nullptr || keyword == "client_encoding") continue;
    conninfo += fmt::format(" {}={}", keyword, quoted(value));
  }
  return conninfo;
}

}  // namespace oauth2::db
