#pragma once

#include <oauth2ctl/resource_server.h>

#include <memory>
#include <string>

namespace oauth2::resource_server {

// Looks into the authorization server's own database, on the same host or reachable from it: a token that was
// revoked is invalid at once, and no request goes out. The service needs to read it; where it may not write,
// the last use of personal tokens is not noted. Kind "database".
struct DatabaseOptions {
  std::string url = {};          // sqlite:PATH or postgresql://…; "": as oauth2ctl finds it
  std::string config_file = {};  // "": /etc/oauth2ctl/oauth2ctl.toml where it is, and the environment
  std::string resource = {};     // the URI that tokens must be meant for; "": the issuer's
  // Who is signed in at oauth2d on this site counts like a token, where no Authorization field came. Methods
  // other than GET, HEAD, OPTIONS and TRACE then need X-CSRF-Token with what /oauth/csrf says.
  bool sessions = false;
};

// Throws std::runtime_error, whose message is for the operator, when settings or database cannot be used.
std::unique_ptr<Validator> database(const DatabaseOptions& options = {});

}  // namespace oauth2::resource_server
