// The HTTP gate: it owns the listening sockets, the accept loop, the connection threads and the TLS
// handshake, reads and judges every request under limits and deadlines, and hands only clean ones to a
// handler.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace oauth2::server {

class TlsContext;

struct GateOptions {
  std::vector<std::string> listen;  // "HOST:PORT", "[::1]:PORT", "unix:PATH"; port 0: any free one
  std::size_t max_connections = 1024;
  std::size_t max_target = 8192;
  std::size_t max_head = 16384;
  std::size_t max_fields = 64;
  std::size_t max_body = 65536;
  std::chrono::milliseconds request_deadline{10000};  // whole head and body, once the first byte is there
  std::chrono::milliseconds idle_deadline{75000};     // silence between requests
  std::chrono::milliseconds write_deadline{10000};    // one response
  std::chrono::milliseconds drain_deadline{8000};     // from stop() until what still runs is cut off
};

// A request that the gate answered itself. `method` and `target` are raw bytes of the client, as far as they
// could be told: escape them before they reach a log.
struct Refusal {
  int status = 0;
  std::string reason;
  std::string method;
  std::string target;
  std::string request_id;
  std::string remote_address;
};

// What goes back for it instead of the gate's JSON. The gate adds what concerns connection, length and date.
struct RefusalAnswer {
  std::vector<std::pair<std::string, std::string>> fields;  // Content-Type and Cache-Control among them
  std::string body;
};

// The request that a handler sees: `target` whole and `path` before its `?`, neither percent-decoded;
// `headers` as received, duplicates kept, without what only concerns the connection or would make httplib act
// by itself; `params` empty; `body` complete; `remote_addr` empty for unix sockets; `X-Request-Id` is the
// gate's own.
class Gate {
 public:
  using Handler = std::function<void(const httplib::Request&, httplib::Response&)>;
  using RefusalHandler = std::function<std::optional<RefusalAnswer>(const Refusal&)>;

  // The handler runs on many threads at once and should not throw: if it does, the client gets a generic 500.
  // `on_refusal` may be empty. `tls` null: plain HTTP.
  Gate(GateOptions options, Handler handler, RefusalHandler on_refusal, std::shared_ptr<TlsContext> tls);
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  // Binds and listens on all addresses; std::runtime_error names the address and the cause.
  // Raises the soft limit of open files to the hard one and ignores SIGPIPE, for the whole process.
  void open();

  // After open(), ports resolved: "http://127.0.0.1:9000", "https://[::1]:9000", "unix:/run/oauth2d.sock".
  std::vector<std::string> addresses() const;

  // Returns after stop(), once every connection is gone. A handler that never returns holds it.
  void serve();

  // From any thread and from signal handlers: stops accepting, lets running requests finish, closes idle
  // connections.
  void stop() noexcept;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace oauth2::server
