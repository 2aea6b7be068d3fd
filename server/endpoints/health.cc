#include "core/protocol/error.h"
#include "core/store/deployment.h"
#include "server/endpoints/endpoints.h"
#include "server/wire.h"

namespace oauth2::server {

void healthz_endpoint(const protocol::Context&, const httplib::Request&, httplib::Response& response) {
  write({R"({"status":"ok"})"}, response);
}

// Throws db::Error while the database cannot be used: 503.
void readyz_endpoint(const protocol::Context& context, const httplib::Request&, httplib::Response& response) {
  context.db.read_latest(
      [](db::Connection& connection) { store::find_deployment_value(connection, "issuer"); });
  write({R"({"status":"ready"})"}, response);
}

}  // namespace oauth2::server
