#pragma once

#include "core/protocol/client_auth.h"
#include "core/protocol/context.h"
#include "core/protocol/params.h"

namespace oauth2::protocol {

// RFC 7009. Done, also for an unknown token, when it returns; a client's token only by that client, a
// personal token by whoever holds it. Throws Error.
Answer revoke(const Context& context, const Params& form, const std::optional<std::string>& authorization);

}  // namespace oauth2::protocol
