#pragma once

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
#include <vector>

namespace oauth2::crypto {

// So many wait already that one more would wait for seconds.
struct TooManyWaiting : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Hashing a password takes a core for tens of milliseconds, on purpose. All of it runs here, on few threads
// of low priority, so that a flood of sign-ins leaves the rest of the server its speed.
class PasswordWorkers {
 public:
  explicit PasswordWorkers(std::size_t threads);
  ~PasswordWorkers();  // waits for what runs
  PasswordWorkers(const PasswordWorkers&) = delete;
  PasswordWorkers& operator=(const PasswordWorkers&) = delete;

  // Half the cores, at least one.
  static std::size_t usual_threads();

  // Runs `act` on one of the threads and answers what it answers or throws. Throws TooManyWaiting.
  template <class Act>
  auto run(Act&& act) {
    // Shared: the thread may still be leaving the task when the answer is here already.
    const auto task =
        std::make_shared<std::packaged_task<std::invoke_result_t<Act>()>>(std::forward<Act>(act));
    auto answer = task->get_future();
    push([task] { (*task)(); });
    return answer.get();
  }

 private:
  void push(std::function<void()> job);
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace oauth2::crypto
