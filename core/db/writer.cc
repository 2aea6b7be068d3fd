#include "core/db/writer.h"

#include <atomic>
#include <exception>

namespace oauth2::db {

struct Writer::Waiting {
  const Job* job = nullptr;
  std::exception_ptr error;
  std::atomic<bool> done{false};
};

Writer::Writer(std::unique_ptr<Connection> connection, Alone alone)
    : connection_(std::move(connection)), alone_(std::move(alone)), thread_([this] { loop(); }) {}

Writer::~Writer() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

void Writer::run(const Job& job) {
  // Shared: the writer may still be inside notify when this thread has seen `done` and left.
  const auto waiting = std::make_shared<Waiting>();
  waiting->job = &job;
  bool first = false;
  {
    std::lock_guard lock(mutex_);
    first = queue_.empty();
    queue_.push_back(waiting);
  }
  if (first) arrived_.notify_one();
  waiting->done.wait(false, std::memory_order_acquire);
  if (waiting->error) std::rethrow_exception(waiting->error);
}

void Writer::loop() {
  Batch batch;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [this] { return !queue_.empty() || closing_; });
      if (queue_.empty()) break;
      batch.swap(queue_);
    }
    if (connection_->wants_quiet()) {
      alone_([&] {
        connection_->housekeep(true);
        run_batch(batch);
      });
    } else {
      run_batch(batch);
    }
    for (const auto& waiting : batch) {
      waiting->done.store(true, std::memory_order_release);
      waiting->done.notify_one();
    }
    batch.clear();
    connection_->housekeep(false);
  }
  connection_->housekeep(true);
}

void Writer::run_batch(const Batch& batch) {
  try {
    connection_->begin_write();
    for (const auto& waiting : batch) run_job(*waiting);
    connection_->commit();
  } catch (...) {
    // The transaction is lost, and with it what each job of the batch did: none of them is acknowledged.
    const auto error = std::current_exception();
    connection_->rollback();
    for (const auto& waiting : batch) {
      if (!waiting->error) waiting->error = error;
    }
  }
}

void Writer::run_job(Waiting& waiting) {
  connection_->savepoint();
  try {
    (*waiting.job)(*connection_);
    connection_->release_savepoint();
  } catch (...) {
    waiting.error = std::current_exception();
    if (!connection_->in_transaction()) throw;  // such as a full disk: SQLite has undone the whole batch
    connection_->rollback_savepoint();
  }
}

}  // namespace oauth2::db
