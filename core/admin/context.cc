#include "core/admin/context.h"

#include "core/store/audit.h"

namespace oauth2::admin {

void record(db::Connection& connection, const Context& context, std::string_view action,
            const std::string& object) {
  store::append_audit(connection, {0, context.now, context.actor, std::string(action), object, context.reason,
                                   context.address, context.request_id});
}

}  // namespace oauth2::admin
