#pragma once

#include "core/protocol/context.h"
#include "core/protocol/params.h"
#include "core/store/tokens.h"

namespace oauth2::protocol {

// Where a request may carry a bearer token (RFC 6750 section 2). Query and form count only with
// allow_query_tokens.
struct BearerClaim {
  std::optional<std::string> authorization;
  std::optional<std::string> query_token;
  std::optional<std::string> form_token;
};

// What the token of a request must be good for.
struct Requirement {
  std::vector<std::string> scopes;  // as `satisfies` takes them
  std::string resource;             // the audience that is asked for; "" for the issuer
};

// True when a bearer token came, of whatever worth. Throws Error(invalid_request) for two at once.
bool carries_token(const Context& context, const BearerClaim& claim);

// The active token of the request. Throws Error: missing_token when none came, invalid_request for two at
// once, invalid_token for one that is not active, is a refresh token or is meant for another audience,
// insufficient_scope with the scope that is needed.
store::Token require_bearer(const Context& context, const BearerClaim& claim,
                            const Requirement& requirement = {});

Answer ping(const Context& context, const BearerClaim& claim);
Answer info(const Context& context, const BearerClaim& claim);

}  // namespace oauth2::protocol
