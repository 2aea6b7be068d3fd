#pragma once

#include <string>
#include <string_view>

namespace oauth2::fetch {

// An http or https URL in its parts (RFC 3986).
struct Url {
  bool is_https = false;
  std::string host;  // as it is resolved: an IPv6 literal without its brackets
  bool is_ipv6 = false;
  int port = 0;
  bool has_port = false;  // it was written out
  std::string path;       // "" or from the first / on
  std::string query;      // without its question mark

  std::string origin() const;  // https://example.org, http://[::1]:8080
  std::string authority() const;
  std::string target() const;  // of the request line
};

// Throws Error(not_allowed) for anything else, for a user, a fragment, characters that belong in no URL, and
// for http to any host but 127.0.0.1, [::1] and localhost.
Url parse_url(std::string_view text);

}  // namespace oauth2::fetch
