#pragma once

#include <httplib.h>

#include <optional>

#include "server/gate.h"
#include "server/service.h"

namespace oauth2::server {

// Runs the endpoint of a request inside the one try/catch, and writes its log line. Throws only where there
// is no memory left; the gate answers that with a generic 500.
void handle(Service& service, const httplib::Request& request, httplib::Response& response);

// Writes the log line of a request that the gate refused. Gives an HTML page where a person may read it;
// nothing: the gate's JSON will do.
std::optional<RefusalAnswer> answer_refusal(Service& service, const Refusal& refusal);

}  // namespace oauth2::server
