#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/db/connection.h"

namespace oauth2::db {

// Group commit: threads hand in jobs, a worker runs what waits in one transaction, syncs once, and only then
// answers them all. So a commit costs one sync for many, and nothing is answered before it is durable.
// A job may run more than once: when its transaction was undone for another's sake, it starts from scratch.
class Writer {
 public:
  using Job = std::function<void(Connection&)>;
  using Open = std::function<std::unique_ptr<Connection>()>;
  using Alone = std::function<void(const std::function<void()>&)>;

  struct Options {
    std::size_t workers = 1;    // each with a connection of its own
    std::size_t most_jobs = 0;  // in one transaction; 0: all that wait
    std::size_t many_jobs = 1;  // that wait before a second worker helps: batches are cheaper than workers
  };

  // `first` is the first worker's connection; `open` makes others. `alone` runs an action while nobody reads.
  Writer(std::unique_ptr<Connection> first, Open open, Alone alone, const Options& options);
  ~Writer();  // finishes what waits
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Returns when the job is durable. Rethrows what it threw (then it alone is undone), or why the commit
  // failed.
  void run(const Job& job, Beside beside);

 private:
  struct Waiting;
  using Batch = std::vector<std::shared_ptr<Waiting>>;

  void loop(std::unique_ptr<Connection> connection);
  void help();
  bool wait_for_many(std::unique_ptr<Connection>& connection);
  void take_batch(Batch& batch);  // with the mutex held
  void finish_batch(std::unique_ptr<Connection>& connection, const Batch& batch);
  static void answer(const Batch& batch);
  static bool refuse_late(const Batch& batch);
  void run_batch(std::unique_ptr<Connection>& connection, const Batch& batch);

  Open open_;
  Alone alone_;
  const Options options_;
  std::mutex mutex_;
  std::condition_variable arrived_;       // for the first worker
  std::condition_variable many_arrived_;  // for the others
  std::deque<std::shared_ptr<Waiting>> queue_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace oauth2::db
