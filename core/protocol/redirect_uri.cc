#include "core/protocol/redirect_uri.h"

#include <algorithm>

#include "core/protocol/params.h"
#include "core/text.h"

namespace oauth2::protocol {
namespace {

namespace problem {
constexpr RedirectUriProblem too_long{"too_long", "it is longer than 2000 characters"};
constexpr RedirectUriProblem wildcard{"wildcard",
                                      "it has a wildcard, and redirect URIs are compared exactly"};
constexpr RedirectUriProblem characters{"characters", "it has characters that no URI has"};
constexpr RedirectUriProblem fragment{"fragment", "it has a fragment"};
constexpr RedirectUriProblem user{"user", "it has a user in it"};
constexpr RedirectUriProblem no_host{"no_host", "it names no host"};
constexpr RedirectUriProblem port{"port", "its port is not one"};
constexpr RedirectUriProblem host{"host", "its host is not one"};
constexpr RedirectUriProblem http{"http", "http is for 127.0.0.1, [::1] and localhost only: use https"};
constexpr RedirectUriProblem no_scheme{"no_scheme", "it is not an absolute URI with a scheme in lower case"};
constexpr RedirectUriProblem scheme{
    "scheme", "its scheme is not https, and a private-use scheme needs a dot (com.example.app:/callback)"};
constexpr RedirectUriProblem private_use{"private_use", "private-use schemes are for public clients"};
constexpr RedirectUriProblem private_use_path{
    "private_use_path", "after a private-use scheme comes a path (com.example.app:/callback)"};
}  // namespace problem

constexpr std::string_view loopback_literals[] = {"http://127.0.0.1", "http://[::1]"};

// RFC 3986: unreserved, reserved, or a whole percent-encoding; "*" is left out, so that nobody takes it for a
// wildcard.
bool is_uri_text(std::string_view uri) {
  constexpr std::string_view marks = "-._~:/?#[]@!$&'()+,;=";
  const auto hex = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  for (std::size_t i = 0; i < uri.size(); ++i) {
    const char c = uri[i];
    const bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (alphanumeric || marks.find(c) != std::string_view::npos) continue;
    if (c != '%' || i + 2 >= uri.size() || !hex(uri[i + 1]) || !hex(uri[i + 2])) return false;
  }
  return true;
}

bool is_port(std::string_view text) {
  if (text.empty() || text.size() > 5 || text[0] == '0') return false;
  int port = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    port = port * 10 + (c - '0');
  }
  return port <= 65535;
}

bool is_web_uri(std::string_view uri) { return uri.starts_with("https://") || uri.starts_with("http://"); }

struct Authority {
  std::string_view host;
  std::optional<std::string_view> port;
};

Authority split_authority(std::string_view authority) {
  const auto colon = authority.rfind(':');
  if (colon == std::string_view::npos || authority.ends_with(']')) return {authority, std::nullopt};
  return {authority.substr(0, colon), authority.substr(colon + 1)};
}

std::optional<RedirectUriProblem> web_uri_problem(std::string_view after_scheme, bool https) {
  const std::string_view authority = after_scheme.substr(0, after_scheme.find_first_of("/?"));
  if (authority.find('@') != std::string_view::npos) return problem::user;
  const Authority parts = split_authority(authority);
  if (parts.host.empty()) return problem::no_host;
  if (parts.port && !is_port(*parts.port)) return problem::port;
  const bool bracketed = parts.host.starts_with('[') && parts.host.ends_with(']');
  if (!bracketed && parts.host.find_first_of(":[]%") != std::string_view::npos) return problem::host;
  if (!https && parts.host != "127.0.0.1" && parts.host != "[::1]" && parts.host != "localhost") {
    return problem::http;
  }
  return std::nullopt;
}

}  // namespace

const std::vector<RedirectUriProblem>& redirect_uri_problems() {
  static const std::vector<RedirectUriProblem> all = {problem::too_long,
                                                      problem::wildcard,
                                                      problem::characters,
                                                      problem::fragment,
                                                      problem::user,
                                                      problem::no_host,
                                                      problem::port,
                                                      problem::host,
                                                      problem::http,
                                                      problem::no_scheme,
                                                      problem::scheme,
                                                      problem::private_use,
                                                      problem::private_use_path};
  return all;
}

std::optional<RedirectUriProblem> redirect_uri_problem(std::string_view uri, bool public_client) {
  if (uri.size() > 2000) return problem::too_long;
  if (uri.find('*') != std::string_view::npos) return problem::wildcard;
  if (!is_uri_text(uri)) return problem::characters;
  if (uri.find('#') != std::string_view::npos) return problem::fragment;
  if (uri.starts_with("https://")) return web_uri_problem(uri.substr(8), true);
  if (uri.starts_with("http://")) return web_uri_problem(uri.substr(7), false);

  const auto colon = uri.find(':');
  const std::string_view scheme = uri.substr(0, colon);
  const bool scheme_text =
      colon != std::string_view::npos && !scheme.empty() && scheme[0] >= 'a' && scheme[0] <= 'z' &&
      std::all_of(scheme.begin(), scheme.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+';
      });
  if (!scheme_text) return problem::no_scheme;
  if (scheme.find('.') == std::string_view::npos || scheme.ends_with('.')) {
    return problem::scheme;
  }
  if (!public_client) return problem::private_use;
  if (!uri.substr(colon).starts_with(":/") || uri.find('@') != std::string_view::npos) {
    return problem::private_use_path;
  }
  return std::nullopt;
}

bool redirect_uri_matches(std::string_view registered, std::string_view sent) {
  if (registered == sent) return true;
  for (const std::string_view prefix : loopback_literals) {
    if (!registered.starts_with(prefix) || !sent.starts_with(prefix)) continue;
    const auto without_port = [&](std::string_view uri) -> std::optional<std::string_view> {
      std::string_view rest = uri.substr(prefix.size());
      if (!rest.starts_with(':')) return rest;
      const auto end = std::min(rest.find_first_of("/?#", 1), rest.size());
      return is_port(rest.substr(1, end - 1)) ? std::optional(rest.substr(end)) : std::nullopt;
    };
    const auto a = without_port(registered);
    const auto b = without_port(sent);
    return a && b && *a == *b && (b->empty() || b->front() == '/' || b->front() == '?');
  }
  return false;
}

std::string redirect_with(std::string_view uri, const ResponseParameters& parameters, bool in_fragment) {
  std::string out(uri);
  // A registered URI has no fragment.
  char separator = in_fragment ? '#' : uri.find('?') == std::string_view::npos ? '?' : '&';
  if (!in_fragment && (uri.ends_with('?') || uri.ends_with('&'))) separator = '\0';
  for (const auto& [name, value] : parameters) {
    if (separator != '\0') out += separator;
    out += form_encode(name) + '=' + form_encode(value);
    separator = '&';
  }
  return out;
}

std::string csp_source_of(std::string_view uri) {
  // A program on loopback is often in development, between http and https.
  return uri.starts_with("http://") ? "http: https:" : std::string(uri.substr(0, uri.find(':') + 1));
}

std::string_view origin_of(std::string_view uri) {
  if (!is_web_uri(uri)) return uri.substr(0, uri.find(':') + 1);
  return uri.substr(0, uri.find_first_of("/?#", uri.find("://") + 3));
}

bool is_loopback_uri(std::string_view uri) {
  for (const std::string_view host : {"http://127.0.0.1", "http://[::1]", "http://localhost"}) {
    const std::string_view origin = origin_of(uri);
    if (origin == host || (origin.starts_with(host) && origin[host.size()] == ':')) return true;
  }
  return false;
}

bool is_private_use_uri(std::string_view uri) {
  return !uri.starts_with("https://") && !is_loopback_uri(uri);
}

}  // namespace oauth2::protocol
