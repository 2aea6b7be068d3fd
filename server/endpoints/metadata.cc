#include "core/protocol/metadata.h"

#include "server/endpoints/endpoints.h"
#include "server/wire.h"

namespace oauth2::server {

void metadata_endpoint(const protocol::Context& context, const httplib::Request&,
                       httplib::Response& response) {
  response.status = 200;
  response.set_header("Cache-Control",
                      "public, max-age=60");  // no secret in it, and clients ask at every start
  response.set_content(protocol::metadata(context).body, "application/json");
}

}  // namespace oauth2::server
