#pragma once

#include <httplib.h>

#include <string_view>
#include <vector>

#include "core/protocol/context.h"
#include "server/gate.h"
#include "server/service.h"
#include "server/visit.h"
#include "server/wire.h"

namespace oauth2::server {

// Which pages of other sites may read the answer.
enum class Cors {
  nobody,
  public_clients,  // those of public clients' https redirect URIs
  everybody,
};

struct Route {
  std::string_view method;  // GET serves HEAD too
  std::string_view path;
  void (*run)(const protocol::Context&, const httplib::Request&, httplib::Response&);
  Challenge challenge;
  Cors cors;
  void (*page)(Visit&) = nullptr;  // instead of `run`: a browser's
  bool errors_are_pages = false;
};

const std::vector<Route>& routes();

// Runs the endpoint of a request inside the one try/catch, and writes its log line. Throws only where there
// is no memory left; the gate answers that with a generic 500.
void handle(Service& service, const httplib::Request& request, httplib::Response& response);

// The log line of a request that the gate refused.
void log_refusal(Service& service, const Refusal& refusal);

}  // namespace oauth2::server
