#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

namespace oauth2::db {

// libpq waits for an answer as long as the connection stands, and it stands while the server's machine is
// stuck. One thread of the process looks at all that wait, and shuts the sockets of those that have waited
// for too long: libpq then sees the end of the connection.
class Watched {
 public:
  Watched(int socket, std::chrono::milliseconds most);
  ~Watched();
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  void starts_waiting();
  void has_answer() { waits_since_.store(0, std::memory_order_relaxed); }

 private:
  friend class Watchdog;
  const int socket_;
  const std::int64_t most_ms_;
  std::atomic<std::int64_t> waits_since_{0};  // ms of the steady clock; 0: it does not wait
};

}  // namespace oauth2::db
