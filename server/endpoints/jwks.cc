#include "core/protocol/signing_keys.h"

#include "server/endpoints/endpoints.h"

namespace oauth2::server {

void jwks_endpoint(const protocol::Context& context, const httplib::Request&, httplib::Response& response) {
  response.status = 200;
  // Resource servers ask again when they meet a kid that they do not know; so a rotation does not wait for
  // this, and a key that was retired is believed for no longer.
  response.set_header("Cache-Control", "public, max-age=300");
  response.set_content(protocol::jwks(context).body, "application/jwk-set+json");
}

}  // namespace oauth2::server
