#include "core/db/readers.h"

#include <utility>

#include "core/db/retry.h"

namespace oauth2::db {
namespace {

constexpr auto longest_wait = std::chrono::seconds(5);
constexpr auto pause_after_failure = std::chrono::milliseconds(200);

}  // namespace

std::unique_ptr<Connection> Reconnect::operator()() const {
  {
    std::lock_guard lock(state_->mutex);
    if (state_->failure && std::chrono::steady_clock::now() < state_->not_before)
      std::rethrow_exception(state_->failure);
  }
  try {
    auto connection = state_->open();
    std::lock_guard lock(state_->mutex);
    state_->failure = nullptr;
    return connection;
  } catch (...) {
    std::lock_guard lock(state_->mutex);
    state_->failure = std::current_exception();
    state_->not_before = std::chrono::steady_clock::now() + pause_after_failure;
    throw;
  }
}

void Readers::Lease::with_retries(const std::function<void(Connection&)>& action) {
  db::with_retries(
      connection_, [this] { return open(); }, action);
}

std::unique_ptr<Connection> Readers::Lease::open() {
  if (std::exchange(counted_, false)) readers_.count(-1);  // it broke
  std::unique_ptr<Connection> connection;
  try {
    connection = readers_.open_();
    readers_.count(1);
  } catch (const Error&) {
    connection = readers_.take_other();
    if (!connection) throw;
  }
  counted_ = true;
  return connection;
}

void Readers::add(std::unique_ptr<Connection> connection) {
  free_.push_back(std::move(connection));
  ++existing_;
}

void Readers::count(int change) {
  {
    std::lock_guard lock(mutex_);
    existing_ += change;
  }
  given_back_.notify_all();
}

std::unique_ptr<Connection> Readers::take() {
  std::unique_lock lock(mutex_);
  const bool may = returned_.wait_for(lock, longest_wait, [this] { return leased_ < size_ && !held_back_; });
  if (!may) throw Error(Error::Kind::busy, "all connections to the database are in use");
  ++leased_;
  if (free_.empty()) return nullptr;
  auto connection = std::move(free_.back());
  free_.pop_back();
  return connection;
}

// For a lease that could not make its own: one that another gives back, while there are any.
std::unique_ptr<Connection> Readers::take_other() {
  std::unique_lock lock(mutex_);
  given_back_.wait_for(lock, longest_wait, [this] { return !free_.empty() || existing_ == 0; });
  if (free_.empty()) return nullptr;
  auto connection = std::move(free_.back());
  free_.pop_back();
  return connection;
}

void Readers::give_back(std::unique_ptr<Connection> connection, bool counted) {
  {
    std::lock_guard lock(mutex_);
    if (connection && !connection->broken()) {
      free_.push_back(std::move(connection));
    } else if (counted) {
      --existing_;
    }
    if (--leased_ == 0 && held_back_) all_back_.notify_one();
  }
  returned_.notify_one();
  given_back_.notify_one();
}

void Readers::run_alone(const std::function<void()>& action) {
  std::unique_lock lock(mutex_);
  held_back_ = true;
  all_back_.wait(lock, [this] { return leased_ == 0; });
  lock.unlock();
  action();
  lock.lock();
  held_back_ = false;
  returned_.notify_all();
}

}  // namespace oauth2::db
