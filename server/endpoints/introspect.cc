#include "core/protocol/introspect.h"

#include "server/accept.h"
#include "server/endpoints/endpoints.h"
#include "server/wire.h"

namespace oauth2::server {

void introspect_endpoint(const protocol::Context& context, const httplib::Request& request,
                         httplib::Response& response) {
  const bool is_signed = prefers(read_list_header(request, "Accept"), protocol::introspection_jwt_type);
  write(protocol::introspect(context, read_form(request), read_header(request, "Authorization"), is_signed),
        response);
}

}  // namespace oauth2::server
