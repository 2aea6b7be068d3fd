#include "core/protocol/context.h"

#include "core/protocol/error.h"

namespace oauth2::protocol {

void spend_limit(const Context& context, RateLimit& limit, std::string_view client_id, const char* reason) {
  const std::string key = std::string(client_id) + '\n' + context.address;
  if (const auto seconds = limit.take(key, context.steady_ms))
    throw Error(too_many_requests, reason, seconds);
}

}  // namespace oauth2::protocol
