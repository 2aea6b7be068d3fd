#pragma once

#include "core/protocol/context.h"

namespace oauth2::protocol {

// RFC 8414 section 2: what this server really does, read from the tables that do it.
Answer metadata(const Context& context);

}  // namespace oauth2::protocol
