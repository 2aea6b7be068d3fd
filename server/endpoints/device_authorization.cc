#include "core/protocol/device.h"
#include "server/endpoints/endpoints.h"
#include "server/wire.h"

namespace oauth2::server {

void device_authorization_endpoint(const protocol::Context& context, const httplib::Request& request,
                                   httplib::Response& response) {
  write(protocol::device_authorization(context, read_form(request), read_header(request, "Authorization")),
        response);
}

}  // namespace oauth2::server
