#include <doctest/doctest.h>
#include <sched.h>
#include <time.h>

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core/crypto/password_workers.h"

using namespace oauth2::crypto;
using namespace std::chrono_literals;

namespace {

// Where the worker has begun, has its caller do something else meanwhile, and waits: for that it is asked
// again until it has, since what it has not begun is taken back.
class Busy {
 public:
  explicit Busy(PasswordWorkers& workers) {
    const auto caller = std::this_thread::get_id();
    while (!workers.compute([caller, state = state_] {
      if (std::this_thread::get_id() == caller) return state->begun.load();
      state->begun = true;
      state->released.wait();
      state->ended.count_down();
      return true;
    })) {
    }
  }
  void release() { state_->released.count_down(); }
  void wait_for_end() { state_->ended.wait(); }

 private:
  struct State {
    std::atomic<bool> begun{false};
    std::latch released{1};
    std::latch ended{1};
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace

TEST_CASE("a password is hashed by a thread that gives way to all others") {
  PasswordWorkers workers(1, 10min);
  const auto turn = workers.wait_for_turn();
  CHECK(workers.compute([] { return ::sched_getscheduler(0); }) == SCHED_IDLE);
  CHECK(::sched_getscheduler(0) != SCHED_IDLE);
}

TEST_CASE("the thread that hashes is interrupted, again and again, to offer its core") {
  PasswordWorkers workers(1, 10min);
  const auto turn = workers.wait_for_turn();
  const auto interruptions = workers.compute([] {
    int count = 0;
    const timespec long_time = {600, 0};
    while (count < 5 && ::nanosleep(&long_time, nullptr) != 0) ++count;
    return count;
  });
  CHECK(interruptions == 5);
}

TEST_CASE("what hashing throws comes out where the hash was asked for") {
  PasswordWorkers workers(1, 10min);
  const auto turn = workers.wait_for_turn();
  CHECK_THROWS_AS(workers.compute([]() -> int { throw std::runtime_error("no memory"); }),
                  std::runtime_error);
  CHECK(workers.compute([] { return 7; }) == 7);
}

TEST_CASE("where other programs leave the hashing thread no time, its caller hashes itself") {
  PasswordWorkers workers(1, 1ms);
  const auto caller = std::this_thread::get_id();
  const auto released = std::make_shared<std::latch>(1);
  const auto act = [caller, released] {
    if (std::this_thread::get_id() != caller) released->wait();  // no time
    return std::this_thread::get_id();
  };
  for (int i = 0; i < 3; ++i) {
    const auto turn = workers.wait_for_turn();
    CHECK(workers.compute(act) == caller);
  }
  released->count_down();
}

TEST_CASE("what its caller hashed itself is not hashed again, and its password is not kept") {
  const auto runs = std::make_shared<std::atomic<int>>(0);
  {
    PasswordWorkers workers(1, 1ms);
    const auto password = std::make_shared<std::string>("correct horse battery");
    const auto turn = workers.wait_for_turn();
    Busy busy(workers);
    for (int i = 0; i < 5; ++i) workers.compute([runs, password] { return ++*runs; });
    CHECK(password.use_count() == 1);
    busy.release();
  }
  CHECK(*runs == 5);
}

TEST_CASE("no more turns are under way at once than there are threads, and all get theirs") {
  PasswordWorkers workers(2, 1s, 10min);
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  std::atomic<int> done{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 16; ++i) {
    callers.emplace_back([&] {
      for (int j = 0; j < 20; ++j) {
        const auto turn = workers.wait_for_turn();
        int seen = most;
        const int mine = ++now;
        while (mine > seen && !most.compare_exchange_weak(seen, mine)) {
        }
        workers.compute([] {
          std::this_thread::yield();
          return 0;
        });
        --now;
        ++done;
      }
    });
  }
  for (auto& caller : callers) caller.join();
  CHECK(most <= 2);
  CHECK(done == 16 * 20);
}

TEST_CASE("of those who wait for a turn the hundred and first is refused, and the others get theirs") {
  PasswordWorkers workers(1, 1s, 10min);
  int turns = 0;
  std::vector<std::thread> callers;
  std::atomic<int> refused{0};
  {
    const auto turn = workers.wait_for_turn();
    std::atomic<int> started{0};
    for (int i = 0; i < 101; ++i) {
      callers.emplace_back([&] {
        ++started;
        try {
          const auto mine = workers.wait_for_turn();
          ++turns;  // one at a time
        } catch (const TooManyWaiting&) {
          ++refused;
        }
      });
      while (started <= i) std::this_thread::yield();
    }
    while (refused == 0) std::this_thread::yield();
  }
  for (auto& caller : callers) caller.join();
  CHECK(refused == 1);
  CHECK(turns == 100);
}

TEST_CASE("who waits too long for a turn is refused, and takes none from those who wait on") {
  PasswordWorkers workers(1, 10min, 1ms);
  {
    const auto turn = workers.wait_for_turn();
    CHECK_THROWS_AS(workers.wait_for_turn(), TooManyWaiting);
    CHECK_THROWS_AS(workers.wait_for_turn(), TooManyWaiting);
  }
  const auto turn = workers.wait_for_turn();
  CHECK(workers.compute([] { return 7; }) == 7);
}

TEST_CASE("an end does not wait for a hash that nobody waits for") {
  std::optional<Busy> busy;
  {
    PasswordWorkers workers(1, 1ms);
    const auto turn = workers.wait_for_turn();
    busy.emplace(workers);
  }
  busy->release();
  busy->wait_for_end();
}
