#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace oauth2::protocol {

// The grant types that a client may be registered for.
struct GrantType {
  std::string_view name;
  std::string_view response_type;  // that goes with it (RFC 7591 section 2.1); "" for none
  bool confidential_only;
};
const std::vector<GrantType>& registrable_grant_types();

// The whole name of a grant type, from it or from its short form device_code; "" when there is none.
std::string_view full_grant_type(std::string_view name);

// client_secret_basic, client_secret_post, none.
const std::vector<std::string>& registrable_auth_methods();

// EdDSA, ES256, RS256: what JWTs can be signed with, for a client that says so.
const std::vector<std::string>& signing_algs();

}  // namespace oauth2::protocol
