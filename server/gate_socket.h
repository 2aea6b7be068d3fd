// One accepted connection as bytes, plain or TLS, every wait under a deadline.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

namespace oauth2::server {

class TlsSession;

using Deadline = std::chrono::steady_clock::time_point;

// What one attempt to read brought. `count` 0: nothing will come any more, or, if `late`, not before the
// deadline.
struct Received {
  std::size_t count = 0;
  bool late = false;
};

// Waits for poll() events on one socket; false once the deadline has passed.
bool wait_for(int socket, short events, Deadline deadline);

class Socket {
 public:
  // Owns `descriptor`, which must be a blocking stream socket.
  Socket(int descriptor, std::chrono::milliseconds idle_deadline) noexcept;
  ~Socket();
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&&) = delete;

  // From here on all bytes go through the session; its handshake is the caller's to drive.
  void secure(std::unique_ptr<TlsSession> session);

  // For the first bytes of a request: waits as long as the idle deadline says.
  Received read_idle(char* data, std::size_t size);
  Received read(char* data, std::size_t size, Deadline deadline);

  // `on_stall` is called once if the peer does not take the bytes at once; when it returns false, so does
  // write().
  template <typename OnStall>
  bool write(std::string_view bytes, std::chrono::milliseconds patience, OnStall on_stall);

  // Past the TLS session, for a client that speaks plain HTTP to it.
  void write_plain(std::string_view bytes);

  // Ends our side and, for a short while, reads away what the client still sends: closing on unread bytes
  // would send a reset, and the client could lose the answer to it.
  void finish(bool linger);

  // From another thread, while the caller knows that this object lives.
  void interrupt(int how);

  int descriptor() const { return descriptor_; }

 private:
  std::size_t write_now(std::string_view bytes);  // what could be sent without waiting
  bool write_waiting(std::string_view bytes, Deadline deadline);

  int descriptor_;
  std::chrono::milliseconds idle_deadline_;
  std::unique_ptr<TlsSession> session_;
};

template <typename OnStall>
bool Socket::write(std::string_view bytes, std::chrono::milliseconds patience, OnStall on_stall) {
  bytes.remove_prefix(write_now(bytes));
  if (bytes.empty()) return true;
  return on_stall() && write_waiting(bytes, std::chrono::steady_clock::now() + patience);
}

}  // namespace oauth2::server
