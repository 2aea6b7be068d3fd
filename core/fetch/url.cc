#include "core/fetch/url.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/fetch/error.h"
#include "core/text.h"

namespace oauth2::fetch {
namespace {

[[noreturn]] void refuse(std::string_view what) {
  throw Error(Error::Kind::not_allowed, fmt::format("this URL is not allowed: {}", what));
}

bool is_ascii_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_url_character(char c) {
  return c > 0x20 && c < 0x7F && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
}

void read_host(Url& url, std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) {
    url.is_ipv6 = true;
    url.host = host.substr(1, host.size() - 2);
    in6_addr address{};
    if (::inet_pton(AF_INET6, url.host.c_str(), &address) != 1) refuse("its IPv6 address is none");
    return;
  }
  const bool is_name = std::all_of(
      host.begin(), host.end(), [](char c) { return is_ascii_word(c) || c == '.' || c == '-' || c == '_'; });
  if (host.empty() || host.size() > 253 || !is_name) refuse("its host is no name and no address");
  url.host = text::lower(host);
}

int read_port(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port < 1 || port > 65'535)
    refuse("its port is none");
  return port;
}

}  // namespace

std::string Url::authority() const {
  const std::string name = is_ipv6 ? "[" + host + "]" : host;
  return has_port ? fmt::format("{}:{}", name, port) : name;
}

std::string Url::origin() const { return (is_https ? "https://" : "http://") + authority(); }

std::string Url::target() const { return (path.empty() ? "/" : path) + (query.empty() ? "" : "?" + query); }

Url parse_url(std::string_view text) {
  Url url;
  const std::string scheme = text::lower(text.substr(0, text.find("://")));
  if (scheme != "http" && scheme != "https")
    refuse("it must start with https://, or http:// for 127.0.0.1, [::1] and localhost");
  if (!std::all_of(text.begin(), text.end(), is_url_character))
    refuse("it has characters that none may have");
  if (text.find('#') != std::string_view::npos) refuse("it has a fragment");
  url.is_https = scheme == "https";
  text.remove_prefix(scheme.size() + 3);
  std::string_view authority = text.substr(0, text.find_first_of("/?"));
  const std::string_view rest = text.substr(authority.size());
  if (authority.find('@') != std::string_view::npos) refuse("it names a user");
  const auto colon = authority.rfind(':');
  url.port = url.is_https ? 443 : 80;
  if (colon != std::string_view::npos && !authority.ends_with(']')) {
    url.has_port = true;
    url.port = read_port(authority.substr(colon + 1));
    authority = authority.substr(0, colon);
  }
  read_host(url, authority);
  const auto question = rest.find('?');
  url.path = rest.substr(0, question);
  if (question != std::string_view::npos) url.query = rest.substr(question + 1);
  if (!url.is_https && url.host != "127.0.0.1" && url.host != "::1" && url.host != "localhost")
    refuse("http:// is for 127.0.0.1, [::1] and localhost only; others need https://");
  return url;
}

}  // namespace oauth2::fetch
