#include "core/db/postgres/watchdog.h"

#include <sys/socket.h>

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

namespace oauth2::db {
namespace {

constexpr auto round = std::chrono::milliseconds(500);

std::int64_t steady_ms() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

}  // namespace

class Watchdog {
 public:
  static Watchdog& instance() {
    static Watchdog watchdog;
    return watchdog;
  }

  void add(Watched* watched) {
    std::lock_guard lock(mutex_);
    all_.insert(watched);
  }
  void remove(Watched* watched) {
    std::lock_guard lock(mutex_);
    all_.erase(watched);
  }

 private:
  Watchdog() : thread_([this] { loop(); }) {}
  ~Watchdog() {
    {
      std::lock_guard lock(mutex_);
      closing_ = true;
    }
    closed_.notify_one();
    thread_.join();
  }

  void loop() {
    std::unique_lock lock(mutex_);
    while (!closed_.wait_for(lock, round, [this] { return closing_; })) {
      const std::int64_t now = steady_ms();
      for (Watched* watched : all_) {
        const std::int64_t since = watched->waits_since_.load(std::memory_order_relaxed);
        if (since != 0 && now - since > watched->most_ms_) ::shutdown(watched->socket_, SHUT_RDWR);
      }
    }
  }

  std::mutex mutex_;
  std::condition_variable closed_;
  bool closing_ = false;
  std::set<Watched*> all_;
  std::thread thread_;
};

Watched::Watched(int socket, std::chrono::milliseconds most) : socket_(socket), most_ms_(most.count()) {
  Watchdog::instance().add(this);
}

Watched::~Watched() { Watchdog::instance().remove(this); }

void Watched::starts_waiting() { waits_since_.store(steady_ms(), std::memory_order_relaxed); }

}  // namespace oauth2::db
