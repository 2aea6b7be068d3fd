#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth2::protocol {

struct RedirectUriProblem {
  std::string_view key;   // stable, for those who say it in other words
  std::string_view text;  // what follows "the redirect URI … is refused: "
};
const std::vector<RedirectUriProblem>& redirect_uri_problems();  // all that there are

// Why `uri` cannot be registered, or nullopt. Taken are absolute https URIs, http on 127.0.0.1, [::1] and
// localhost, and, for public clients, private-use schemes with a dot (RFC 8252 section 7.1); without fragment
// (RFC 6749 section 3.1.2), user, wildcard, blank or control character.
std::optional<RedirectUriProblem> redirect_uri_problem(std::string_view uri, bool public_client);

// Exact strings (RFC 9700 section 2.1); only the port of http://127.0.0.1 and http://[::1] may vary (RFC 8252
// section 7.3).
bool redirect_uri_matches(std::string_view registered, std::string_view sent);

// The URI with these parameters added: to its query, which keeps what is registered in it (RFC 6749 section
// 4.1.2), or as its fragment (section 4.2.2).
using ResponseParameters = std::vector<std::pair<std::string, std::string>>;
std::string redirect_with(std::string_view uri, const ResponseParameters& parameters, bool in_fragment);

// scheme://host:port, or scheme: of a private-use one.
std::string_view origin_of(std::string_view uri);
// What form-action of a Content-Security-Policy must allow for it: its scheme. Browsers apply the directive
// to every redirect that follows, and clients often send the user on from their redirect URI to another host.
std::string csp_source_of(std::string_view uri);

// Whether programs other than the client might get what is sent there: a private-use scheme can be taken by
// any app (RFC 8252 section 8.6). Not https, nor loopback.
bool is_private_use_uri(std::string_view uri);
bool is_loopback_uri(std::string_view uri);

}  // namespace oauth2::protocol
