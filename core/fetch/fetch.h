#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/fetch/error.h"

namespace oauth2::fetch {

using Fields = std::vector<std::pair<std::string, std::string>>;  // of a header

struct Request {
  std::string method = "GET";
  std::string url;
  Fields fields;  // besides Host, Content-Length and Connection
  std::string body;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds timeout{30'000};  // of the whole exchange
  std::size_t most_body_bytes = 1'048'576;
  std::string ca_file;  // trusted instead of the system's certificates; "" for those
};

struct Response {
  int status = 0;
  Fields fields;
  std::string body;

  // The first of that name, whatever its case; "" when there is none.
  std::string_view field(std::string_view name) const;
};

// One HTTP request: the only way out of these programs. Certificates are verified, no redirect is followed,
// nothing compressed is taken, and the peer can cost no more time and memory than the request says (looking
// up its name apart, which has the resolver's own limits). Throws Error. May be called by many threads at
// once.
Response request(const Request& request);

class Connection;

// The same for requests that may be sent again: a connection stays open after its answer and serves the next
// request to the same place. When the server has ended it meanwhile, the request is sent once more, on a new
// one and within the same time. At most `most` stay open, none unused for `longest`.
class KeptConnections {
 public:
  explicit KeptConnections(std::size_t most = 8, std::chrono::seconds longest = std::chrono::seconds(30));
  ~KeptConnections();
  KeptConnections(const KeptConnections&) = delete;
  KeptConnections& operator=(const KeptConnections&) = delete;

  Response request(const Request& request);

 private:
  struct Kept;

  std::unique_ptr<Connection> take(const std::string& place);  // nullptr: none is open
  void keep(const std::string& place, std::unique_ptr<Connection> connection);

  const std::size_t most_;
  const std::chrono::seconds longest_;
  std::mutex mutex_;
  std::vector<Kept> kept_;  // the one that was used last is the last
};

}  // namespace oauth2::fetch
