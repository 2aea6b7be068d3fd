#pragma once

#include <chrono>
#include <cstddef>
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

}  // namespace oauth2::fetch
