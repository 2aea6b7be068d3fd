// The one place that knows cpp-httplib's server: it runs a request, already read and judged, through
// httplib::Server::process_request. Written for 0.11.4; a later version that takes other parameters changes
// only this.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "server/gate.h"
#include "server/http_head.h"

namespace oauth2::server {

struct Exchange {
  const Head& head;
  std::string& body;  // moved from
  const std::string& remote_address;
  std::string_view request_id;
  std::string_view date;              // for the Date field
  const std::atomic<bool>& stopping;  // asked after the handler: it may have taken its time
  bool keep_alive = false;  // in: whether the client wants to stay; out: whether the response allows it
};

// One for each connection, because httplib's callbacks need to know the exchange that they belong to.
class HttplibBridge {
 public:
  // Takes the response in pieces, nearly always a single one; false if it cannot be sent.
  using Sink = std::function<bool(std::string_view)>;

  HttplibBridge(const Gate::Handler& handler, Sink sink);
  ~HttplibBridge();

  bool answer(Exchange& exchange);

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace oauth2::server
