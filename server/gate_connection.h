// One connection on its own thread: read a request, judge it, have it answered, again.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/gate.h"
#include "server/gate_socket.h"
#include "server/http_head.h"

namespace oauth2::server {

class HttplibBridge;

// What all connections of a gate share.
struct GateContext {
  GateOptions options;
  HeadLimits limits;
  Gate::Handler handler;
  Gate::RefusalHandler on_refusal;
  std::shared_ptr<TlsContext> tls;
  std::atomic<bool> stopping{false};
};

class Connection {
 public:
  using Clock = std::chrono::steady_clock;

  // `id` begins the request ids of this connection.
  Connection(const GateContext& context, Socket socket, std::string remote_address, std::string id);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The thread's work; returns when the connection has ended. Never throws.
  void run() noexcept;

  // The thread's work where there is no room for another connection: answers 503.
  void turn_away() noexcept;

  // From other threads, while the caller knows that this object lives.

  // When the connection began to be worth less than a new one: silent, still sending its request, or not
  // taking its response. Nothing while its request is being served.
  std::optional<Clock::time_point> evictable_since() const;
  bool evict();  // false if it is being served by now
  bool evicted() const { return phase_.load() == Phase::evicted; }
  void
  finish_if_silent();  // between two requests: end; a request that is on its way in still gets its answer
  void cut();          // whatever it does

 private:
  // `serving` alone is safe from eviction: nobody may lose a request that may have had its effect.
  enum class Phase : std::uint8_t { waiting, receiving, serving, stalled, evicted };

  bool enter(Phase next);  // false if evicted
  bool greet();            // the TLS handshake
  bool serve_next();       // false when the connection is to end
  bool receive_head(HeadSpan& span);
  bool receive_body(std::size_t head_end);
  bool receive_plain_body();
  bool receive_chunked_body(std::size_t head_end);
  bool receive_more();
  bool answer();
  bool send(std::string_view bytes);
  bool refuse_unfinished(const Received& received);
  std::optional<RefusalAnswer> report_refusal(int status, std::string_view reason);
  bool refuse(int status, std::string_view reason);
  std::string refusal_text(int status, const RefusalAnswer& answer);
  std::string_view unread() const;
  void prepare_buffer();
  std::string_view date();

  const GateContext& context_;
  Socket socket_;
  std::string remote_address_;
  std::string id_;
  std::unique_ptr<HttplibBridge> bridge_;  // made for the first good request: silent connections stay small

  std::atomic<Phase> phase_{Phase::waiting};
  std::atomic<Clock::rep> since_;
  std::atomic<bool> silenced_{false};  // by finish_if_silent: what ends early is ended by us

  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // unread bytes are buffer_[begin_, end_)
  std::size_t end_ = 0;
  Deadline deadline_;
  Head head_;
  std::string body_;
  std::uint64_t requests_ = 0;
  std::string request_id_;
  bool linger_ = false;

  std::time_t date_second_ = -1;
  char date_[48] = "";
};

}  // namespace oauth2::server
