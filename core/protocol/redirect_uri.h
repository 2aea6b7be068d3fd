#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace oauth2::protocol {

// Why `uri` cannot be registered, or nullopt. Taken are absolute https URIs, http on 127.0.0.1, [::1] and
// localhost, and, for public clients, private-use schemes with a dot (RFC 8252 section 7.1); without fragment
// (RFC 6749 section 3.1.2), user, wildcard, blank or control character.
std::optional<std::string> redirect_uri_problem(std::string_view uri, bool public_client);

// Exact strings (RFC 9700 section 2.1); only the port of http://127.0.0.1 and http://[::1] may vary (RFC 8252
// section 7.3).
bool redirect_uri_matches(std::string_view registered, std::string_view sent);

}  // namespace oauth2::protocol
