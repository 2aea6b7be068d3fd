#include "core/protocol/context.h"

#include "core/protocol/error.h"
#include "core/protocol/throttle.h"
#include "core/store/audit.h"

namespace oauth2::protocol {

std::optional<std::int64_t> take_limit(const Context& context, RateLimit& limit, std::string_view client_id) {
  return limit.take(std::string(client_id) + '\n' + place_of(context.address), context.steady_ms);
}

void spend_limit(const Context& context, RateLimit& limit, std::string_view client_id, const char* reason) {
  if (const auto seconds = take_limit(context, limit, client_id))
    throw Error(too_many_requests, reason, seconds);
}

void record(db::Connection& connection, const Context& context, const std::string& actor,
            std::string_view action, const std::string& object) {
  store::append_audit(connection, {0, context.now, actor, std::string(action), object, std::nullopt,
                                   context.address.empty() ? std::nullopt : std::optional(context.address),
                                   context.request_id});
}

}  // namespace oauth2::protocol
