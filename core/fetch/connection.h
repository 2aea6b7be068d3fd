#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "core/fetch/url.h"

namespace oauth2::fetch {

using Deadline = std::chrono::steady_clock::time_point;

// A connection to a server, with TLS where the URL says https. Everything throws Error.
class Connection {
 public:
  // Connects and shakes hands: the first until `connected_by`, the second until `done_by`, which holds for
  // all that follows too.
  Connection(const Url& url, const std::string& ca_file, Deadline connected_by, Deadline done_by);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void write(std::string_view bytes);
  // What came, at least a byte; "" when the peer has ended the connection. With TLS an end that the peer did
  // not announce is Error(lost): somebody may have cut the answer short.
  std::string read();

  // Between two requests: false when the peer has ended the connection, or has said what nobody asked for.
  bool is_quiet() const;
  void set_deadline(Deadline done_by) { done_by_ = done_by; }  // for what follows

 private:
  class Tls;

  void send_raw(std::string_view bytes);
  std::string receive_raw();
  void wait(short events);

  const Url url_;
  Deadline done_by_;
  int socket_ = -1;
  std::unique_ptr<Tls> tls_;
};

}  // namespace oauth2::fetch
