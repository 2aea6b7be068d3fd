#include "core/crypto/password_workers.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

namespace oauth2::crypto {
namespace {

constexpr std::size_t most_waiting = 100;  // at some 30 ms each, the last one waits about 3 s
constexpr int low_priority = 15;

}  // namespace

PasswordWorkers::PasswordWorkers(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

PasswordWorkers::~PasswordWorkers() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

std::size_t PasswordWorkers::usual_threads() {
  return std::max<std::size_t>(1, std::thread::hardware_concurrency() / 2);
}

void PasswordWorkers::push(std::function<void()> job) {
  {
    std::lock_guard lock(mutex_);
    if (jobs_.size() >= most_waiting) throw TooManyWaiting("too many passwords wait to be hashed");
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
}

void PasswordWorkers::work() {
  // Of this thread alone (Linux). Where it is not allowed, the cap on threads is what is left.
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), low_priority);
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    const auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    lock.lock();
  }
}

}  // namespace oauth2::crypto
