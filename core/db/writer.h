#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/db/connection.h"

namespace oauth2::db {

// Group commit: threads hand in jobs, one thread runs what waits in one transaction with a savepoint each,
// syncs once, and only then answers them all. So a commit costs one sync for many, and nothing is answered
// before it is durable.
class Writer {
 public:
  using Job = std::function<void(Connection&)>;

  using Alone = std::function<void(const std::function<void()>&)>;

  // `alone` runs an action while nobody reads.
  Writer(std::unique_ptr<Connection> connection, Alone alone);
  ~Writer();  // finishes what waits
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Returns when the job is durable. Rethrows what it threw (then it alone is undone), or why the commit
  // failed.
  void run(const Job& job);

 private:
  struct Waiting;
  using Batch = std::vector<std::shared_ptr<Waiting>>;

  void loop();
  void run_batch(const Batch& batch);
  void run_job(Waiting& waiting);

  std::unique_ptr<Connection> connection_;
  Alone alone_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  Batch queue_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace oauth2::db
