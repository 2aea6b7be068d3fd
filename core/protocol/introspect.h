#pragma once

#include "core/protocol/client_auth.h"
#include "core/protocol/context.h"
#include "core/protocol/params.h"

namespace oauth2::protocol {

// RFC 7662, for confidential clients. What is not active, or not for this client's eyes, is {"active":false}
// and nothing more. Throws Error.
Answer introspect(const Context& context, const Params& form,
                  const std::optional<std::string>& authorization);

}  // namespace oauth2::protocol
