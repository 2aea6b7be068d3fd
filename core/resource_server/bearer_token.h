#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oauth2::resource_server {

// What the Authorization fields of a request hold (RFC 6750 section 2.1).
struct BearerToken {
  enum class Form { absent, other_scheme, malformed, present };
  Form form = Form::absent;
  std::string token;
};

// One field, whose scheme is Bearer in any case, blanks, and a token68 (RFC 7235 section 2.1): else
// malformed.
BearerToken read_bearer_token(const std::vector<std::string>& authorization);

}  // namespace oauth2::resource_server
