#include "core/protocol/bearer.h"

#include "server/endpoints/endpoints.h"
#include "server/wire.h"

namespace oauth2::server {

void ping_endpoint(const protocol::Context& context, const httplib::Request& request,
                   httplib::Response& response) {
  write(protocol::ping(context, read_bearer_claim(request, context.settings.allow_query_tokens)), response);
}

void info_endpoint(const protocol::Context& context, const httplib::Request& request,
                   httplib::Response& response) {
  write(protocol::info(context, read_bearer_claim(request, context.settings.allow_query_tokens)), response);
}

}  // namespace oauth2::server
