#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/flow/remote.h"

namespace oauth2::cli {

// Where the browser brings the answer. RFC 8252 section 7.3: on this machine only.
struct LoopbackRedirect {
  std::string uri;  // without the port, where none was asked for
  std::string path;
  bool is_ipv6 = false;
  int port = 0;  // 0: any

  // The URI once the port is known.
  std::string uri_at(int chosen_port) const;

  // What the client must have been registered with. Only of 127.0.0.1 and [::1] the port may vary.
  std::string registered_uri(int chosen_port) const;
};

// UsageError unless `uri` is an http URI of 127.0.0.1, [::1] or localhost without fragment, and `port` a
// number that agrees with it.
LoopbackRedirect choose_redirect(const std::optional<std::string>& uri,
                                 const std::optional<std::string>& port);

// RFC 6749 section 4.1.1 with RFC 7636; `form` has scope and resource.
Form authorization_request(Form form, const std::string& client_id, const std::string& redirect_uri,
                           const std::string& state, const std::string& code_verifier);

// What is left for the browser once the request was pushed (RFC 9126 section 4).
Form push_request(const Remote& remote, const Form& request);

}  // namespace oauth2::cli
