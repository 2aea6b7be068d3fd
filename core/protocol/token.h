#pragma once

#include "core/protocol/client_auth.h"
#include "core/protocol/context.h"
#include "core/protocol/params.h"

namespace oauth2::protocol {

// The token endpoint (RFC 6749 section 3.2): finds the grant, authenticates the client, asks whether it may
// use the grant, uses up what the grant needs, and issues what it gives. Throws Error.
Answer token(const Context& context, const Params& form, const std::optional<std::string>& authorization);

}  // namespace oauth2::protocol
