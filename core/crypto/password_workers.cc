#include "core/crypto/password_workers.h"

#include <algorithm>
#include <list>

#include "core/scheduling.h"

namespace oauth2::crypto {
namespace {

constexpr std::size_t most_waiting = 100;  // at some 30 ms each, on a host that has the time, 3 s
constexpr auto longest_end = std::chrono::seconds(2);

}  // namespace

struct PasswordWorkers::Waiting {
  std::condition_variable changed;
  bool has_turn = false;
};

struct PasswordWorkers::Queue {
  void work();

  std::mutex mutex;
  std::condition_variable changed;
  std::list<std::shared_ptr<const Job>> jobs;
  std::size_t working = 0;
  bool stopping = false;
};

void PasswordWorkers::Queue::work() {
  give_way();
  std::unique_lock lock(mutex);
  for (;;) {
    changed.wait(lock, [this] { return stopping || !jobs.empty(); });
    if (jobs.empty()) break;
    auto job = std::move(jobs.front());
    jobs.pop_front();
    lock.unlock();
    {
      const OfferCore offer;
      (*job)();
    }
    job = nullptr;
    lock.lock();
  }
  --working;
  changed.notify_all();
}

PasswordWorkers::PasswordWorkers(std::size_t threads, std::chrono::milliseconds patience,
                                 std::chrono::milliseconds longest_wait)
    : patience_(patience),
      longest_wait_(longest_wait),
      free_turns_(threads),
      queue_(std::make_shared<Queue>()) {
  queue_->working = threads;
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([queue = queue_] { queue->work(); });
}

PasswordWorkers::~PasswordWorkers() {
  std::unique_lock lock(queue_->mutex);
  queue_->stopping = true;
  queue_->jobs.clear();
  queue_->changed.notify_all();
  const bool ended = queue_->changed.wait_for(lock, longest_end, [this] { return queue_->working == 0; });
  lock.unlock();
  for (std::thread& thread : threads_) ended ? thread.join() : thread.detach();
}

std::size_t PasswordWorkers::usual_threads() {
  return std::max<std::size_t>(1, std::thread::hardware_concurrency() / 2);
}

void PasswordWorkers::begin_turn() {
  std::unique_lock lock(mutex_);
  if (free_turns_ > 0) {
    --free_turns_;
    return;
  }
  if (waiting_.size() >= most_waiting) throw TooManyWaiting("too many passwords wait to be hashed");
  Waiting self;
  waiting_.push_back(&self);
  if (self.changed.wait_for(lock, longest_wait_, [&] { return self.has_turn; })) return;
  std::erase(waiting_, &self);
  throw TooManyWaiting("passwords wait too long to be hashed");
}

void PasswordWorkers::end_turn() noexcept {
  std::lock_guard lock(mutex_);
  if (waiting_.empty()) {
    ++free_turns_;
    return;
  }
  waiting_.front()->has_turn = true;
  waiting_.front()->changed.notify_one();  // under the lock: it is gone as soon as it has seen its turn
  waiting_.pop_front();
}

const PasswordWorkers::Job* PasswordWorkers::push(Job job) {
  const auto kept = std::make_shared<const Job>(std::move(job));
  {
    std::lock_guard lock(queue_->mutex);
    queue_->jobs.push_back(kept);
  }
  queue_->changed.notify_one();
  return kept.get();
}

void PasswordWorkers::take_back(const Job* job) {
  std::lock_guard lock(queue_->mutex);
  queue_->jobs.remove_if([job](const auto& waiting) { return waiting.get() == job; });
}

}  // namespace oauth2::crypto
