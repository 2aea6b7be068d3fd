#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace oauth2::crypto {

// So many wait for a turn already, or one waits so long, that it is better to ask again later.
struct TooManyWaiting : std::runtime_error {
  static constexpr int retry_after = 5;  // seconds
  using std::runtime_error::runtime_error;
};

// Hashing a password takes a core for tens of milliseconds, on purpose. Who wants one hashed waits for a
// turn, of which there are few at once, and has it computed by a thread that gives way to all others: so a
// flood of sign-ins leaves the rest of the server its speed.
class PasswordWorkers {
 public:
  // `patience`: how long a computation may take before the caller does it too. `longest_wait`: for a turn.
  explicit PasswordWorkers(std::size_t threads,
                           std::chrono::milliseconds patience = std::chrono::milliseconds(1000),
                           std::chrono::milliseconds longest_wait = std::chrono::seconds(15));
  ~PasswordWorkers();  // waits a moment for what is still being computed, which nobody waits for any more
  PasswordWorkers(const PasswordWorkers&) = delete;
  PasswordWorkers& operator=(const PasswordWorkers&) = delete;

  // Half the cores, at least one.
  static std::size_t usual_threads();

  class Turn {
   public:
    explicit Turn(PasswordWorkers& workers) : workers_(workers) { workers_.begin_turn(); }
    ~Turn() { workers_.end_turn(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    PasswordWorkers& workers_;
  };
  // One of as many as there are threads, in the order in which they were asked for. Throws TooManyWaiting.
  Turn wait_for_turn() { return Turn(*this); }

  // In a turn: answers what `act` answers or throws. It owns all that it looks at and changes nothing: where
  // other programs leave the thread that gives way no time, the caller computes it as well, and does not
  // wait.
  template <class Act>
  auto compute(Act act) {
    using Result = std::invoke_result_t<Act>;
    const auto task = std::make_shared<std::packaged_task<Result()>>(act);
    auto answer = task->get_future();
    const Job* job = push([task] { (*task)(); });
    if (answer.wait_for(patience_) == std::future_status::ready) return answer.get();
    take_back(job);
    return act();
  }

 private:
  using Job = std::function<void()>;
  struct Waiting;
  struct Queue;

  void begin_turn();
  void end_turn() noexcept;
  // Valid for take_back only.
  const Job* push(Job job);
  // Where it has not begun: it would keep a password, and later ones waiting.
  void take_back(const Job* job);

  const std::chrono::milliseconds patience_;
  const std::chrono::milliseconds longest_wait_;
  std::mutex mutex_;
  std::deque<Waiting*> waiting_;  // for a turn
  std::size_t free_turns_;
  std::shared_ptr<Queue> queue_;  // with the threads, which may outlive this
  std::vector<std::thread> threads_;
};

}  // namespace oauth2::crypto
