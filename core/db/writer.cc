#include "core/db/writer.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <new>
#include <utility>

#include "core/db/retry.h"

namespace oauth2::db {

namespace {

// Set once, by one thread for another. std::atomic's wait yields the core several times before it sleeps:
// with more threads than cores, each of those is a switch to a thread that cannot answer either.
class Done {
 public:
  void wait() {
    while (word_.load(std::memory_order_acquire) == 0) futex(FUTEX_WAIT_PRIVATE, 0);
  }
  void set() {
    word_.store(1, std::memory_order_release);
    futex(FUTEX_WAKE_PRIVATE, 1);
  }

 private:
  void futex(int operation, std::uint32_t value) {
    ::syscall(SYS_futex, &word_, operation, value, nullptr, nullptr, 0);
  }
  std::atomic<std::uint32_t> word_{0};
};

}  // namespace

struct Writer::Waiting {
  const Job* job = nullptr;
  Beside beside = Beside::nobody;
  std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
  std::exception_ptr error;
  std::shared_ptr<Waiting> next[2];  // whom its thread wakes, once awake
  Done done;
};

namespace {

constexpr std::size_t first_batch = 16;
constexpr auto longest_wait = std::chrono::seconds(5);
constexpr auto pause_without_connection = std::chrono::milliseconds(500);

// One job threw while no savepoint kept it apart from the others: all of them have to be run again.
struct Spoilt {};

// What its job threw is that job's answer, and undoes only that; what ends the transaction comes out.
void run_kept_apart(Connection& connection, const Writer::Job& job, std::exception_ptr& error) {
  connection.savepoint();
  try {
    job(connection);
    connection.release_savepoint();
  } catch (...) {
    error = std::current_exception();
    if (!connection.in_transaction()) throw;  // such as a full disk: SQLite has undone the whole batch
    if (ends_transaction(error)) throw;
    connection.rollback_savepoint();
  }
}

}  // namespace

Writer::Writer(std::unique_ptr<Connection> first, Open open, Alone alone, const Options& options)
    : open_(std::move(open)), alone_(std::move(alone)), options_(options) {
  threads_.emplace_back([this, own = std::move(first)]() mutable { loop(std::move(own)); });
  for (std::size_t i = 1; i < options_.workers; ++i) threads_.emplace_back([this] { help(); });
}

Writer::~Writer() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
  }
  arrived_.notify_all();
  many_arrived_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Writer::run(const Job& job, Beside beside) {
  // Shared: the worker may still be inside notify when this thread has seen `done` and left.
  const auto waiting = std::make_shared<Waiting>();
  waiting->job = &job;
  waiting->beside = beside;
  std::size_t count = 0;
  {
    std::lock_guard lock(mutex_);
    queue_.push_back(waiting);
    count = queue_.size();
  }
  if (count == 1) arrived_.notify_one();  // it sleeps only where the queue is empty
  if (count >= options_.many_jobs) many_arrived_.notify_one();
  waiting->done.wait();
  for (auto& next : waiting->next) {
    if (const auto woken = std::move(next)) woken->done.set();
  }
  if (waiting->error) std::rethrow_exception(waiting->error);
}

// Nothing here may fail: where memory has run out, the batch is as big as an earlier one was.
void Writer::take_batch(Batch& batch) {
  batch.clear();
  std::size_t count = queue_.size();
  if (options_.most_jobs != 0) count = std::min(count, options_.most_jobs);
  try {
    batch.reserve(count);
  } catch (const std::bad_alloc&) {
    count = std::min(count, batch.capacity());
  }
  for (; count > 0; --count) {
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
}

// Wakes one, who wakes two more, and so on: to wake all of them would keep the worker from the next batch.
void Writer::answer(const Batch& batch) {
  for (std::size_t i = 1; i < batch.size(); ++i) batch[(i - 1) / 2]->next[(i - 1) % 2] = batch[i];
  batch.front()->done.set();
}

// While the database holds up one batch after another, those at the end of the queue are told so instead of
// waiting for all before them.
bool Writer::refuse_late(const Batch& batch) {
  // The oldest stands first.
  if (std::chrono::steady_clock::now() - batch.front()->since < longest_wait) return false;
  const auto busy =
      std::make_exception_ptr(Error(Error::Kind::busy, "the database is busy with other writes"));
  for (const auto& waiting : batch) waiting->error = busy;
  return true;
}

void Writer::finish_batch(std::unique_ptr<Connection>& connection, const Batch& batch) {
  if (refuse_late(batch)) {
    // Answered below, without a transaction.
  } else if (connection && connection->wants_quiet()) {
    alone_([&] {
      connection->housekeep(true);
      run_batch(connection, batch);
    });
  } else {
    run_batch(connection, batch);
  }
  answer(batch);
  if (connection) connection->housekeep(false);
}

void Writer::loop(std::unique_ptr<Connection> connection) {
  Batch batch;
  batch.reserve(first_batch);
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [this] { return !queue_.empty() || closing_; });
      take_batch(batch);
    }
    if (batch.empty()) break;
    finish_batch(connection, batch);
  }
  if (connection) connection->housekeep(true);
}

// True when there is work for another worker and a connection to do it on; false at the end. It never takes
// what the first worker, who has a connection, would do: the database may let no more in.
bool Writer::wait_for_many(std::unique_ptr<Connection>& connection) {
  std::unique_lock lock(mutex_);
  for (;;) {
    many_arrived_.wait(lock, [this] { return queue_.size() >= options_.many_jobs || closing_; });
    if (closing_) return false;
    if (connection && !connection->broken()) return true;
    lock.unlock();
    try {
      connection = open_();
    } catch (const std::exception&) {
      connection.reset();
    }
    lock.lock();
    if (!connection) many_arrived_.wait_for(lock, pause_without_connection, [this] { return closing_; });
  }
}

void Writer::help() {
  std::unique_ptr<Connection> connection;
  Batch batch;
  batch.reserve(first_batch);
  while (wait_for_many(connection)) {
    {
      std::lock_guard lock(mutex_);
      take_batch(batch);
    }
    if (!batch.empty()) finish_batch(connection, batch);
  }
}

void Writer::run_batch(std::unique_ptr<Connection>& connection, const Batch& batch) {
  const bool all_beside = std::all_of(batch.begin(), batch.end(),
                                      [](const auto& waiting) { return waiting->beside == Beside::others; });
  bool kept_apart = false;
  const auto attempt = [&](Connection& open) {
    for (const auto& waiting : batch) waiting->error = nullptr;
    open.begin_write(all_beside ? Beside::others : Beside::nobody);
    const Rollback rollback{open};
    for (const auto& waiting : batch) {
      if (kept_apart) {
        run_kept_apart(open, *waiting->job, waiting->error);
        continue;
      }
      try {
        (*waiting->job)(open);
      } catch (...) {
        if (batch.size() == 1 || ends_transaction(std::current_exception())) throw;
        throw Spoilt();
      }
    }
    open.commit();
  };
  try {
    try {
      with_retries(connection, open_, attempt);
    } catch (const Spoilt&) {
      kept_apart = true;
      with_retries(connection, open_, attempt);
    }
  } catch (...) {
    // The transaction is lost, and with it what each job of the batch did: none of them is acknowledged.
    for (const auto& waiting : batch) {
      if (!waiting->error || ends_transaction(waiting->error)) waiting->error = std::current_exception();
    }
  }
}

}  // namespace oauth2::db
