#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "core/db/connection.h"

namespace oauth2::db {

// Opens connections. After a failure it says the same for a moment without trying: where the database has
// gone, nobody waits in line for a connection that cannot be made.
class Reconnect {
 public:
  using Open = std::function<std::unique_ptr<Connection>()>;
  explicit Reconnect(Open open) : state_(std::make_shared<State>(std::move(open))) {}
  std::unique_ptr<Connection> operator()() const;

 private:
  struct State {
    explicit State(Open given) : open(std::move(given)) {}
    Open open;
    std::mutex mutex;
    std::exception_ptr failure;
    std::chrono::steady_clock::time_point not_before;
  };
  std::shared_ptr<State> state_;  // copies share it
};

// The connections for reading that requests lease; made when they are first needed, and again when they
// broke. Where the database lets no more in, requests share those that are there. Whoever waits for too long
// is told that the database is busy.
class Readers {
 public:
  Readers(Reconnect open, std::size_t size) : open_(std::move(open)), size_(size) { free_.reserve(size); }

  class Lease {
   public:
    explicit Lease(Readers& readers)
        : readers_(readers), connection_(readers.take()), counted_(connection_ != nullptr) {}
    ~Lease() { readers_.give_back(std::move(connection_), counted_); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    Connection* connection() const { return connection_.get(); }  // nullptr: not made yet
    void with_retries(const std::function<void(Connection&)>& action);

   private:
    std::unique_ptr<Connection> open();

    Readers& readers_;
    std::unique_ptr<Connection> connection_;
    bool counted_;  // among those that exist
  };

  void add(std::unique_ptr<Connection> connection);

  // Waits until all leases are back and hands out none while `action` runs. An action of Database::read must
  // not write, or both would wait for each other.
  void run_alone(const std::function<void()>& action);

 private:
  std::unique_ptr<Connection> take();
  std::unique_ptr<Connection> take_other();
  void count(int change);
  void give_back(std::unique_ptr<Connection> connection, bool counted);

  const Reconnect open_;
  const std::size_t size_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::condition_variable given_back_;  // for those that have a lease and wait for a connection
  std::condition_variable all_back_;
  std::size_t leased_ = 0;
  int existing_ = 0;  // connections, leased or free
  bool held_back_ = false;
  std::vector<std::unique_ptr<Connection>> free_;
};

}  // namespace oauth2::db
