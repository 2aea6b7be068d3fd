#include "core/protocol/stored_request.h"
#include "server/endpoints/endpoints.h"
#include "server/wire.h"

namespace oauth2::server {

void par_endpoint(const protocol::Context& context, const httplib::Request& request,
                  httplib::Response& response) {
  write(protocol::push_request(context, read_form(request), read_header(request, "Authorization")), response);
}

}  // namespace oauth2::server
