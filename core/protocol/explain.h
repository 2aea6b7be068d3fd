#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/protocol/context.h"
#include "core/protocol/params.h"

// What the endpoints would say to a request, check by check, for whoever runs the server. Reads only.
namespace oauth2::protocol {

struct Finding {
  enum class Result { passed, refused, not_reached };
  std::string check;
  Result result = Result::not_reached;
  std::string error;   // the RFC's, of a refusal
  std::string detail;  // why, or what it came to
  std::vector<std::string>
      comparison;  // lines that show where a redirect URI differs from each registered one
};

// An authorization request by its query, as it comes from the browser: it may name one that was pushed or
// stored. `pushed`: as if its own parameters had been pushed (RFC 9126).
std::vector<Finding> explain_authorization(const Context& context, std::string_view query, bool pushed);

// A token request, as far as it can be judged without the client's secret: grant_type, client_id, scope,
// resource, redirect_uri, code_verifier and the method the client authenticates by.
struct TokenQuestion {
  Params params;
  std::string auth_method;  // "" for the registered one
};
std::vector<Finding> explain_token(const Context& context, const TokenQuestion& question);

}  // namespace oauth2::protocol
