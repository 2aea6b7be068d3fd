#include "core/db/retry.h"

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <thread>

namespace oauth2::db {
namespace {

constexpr int most_tries = 5;
constexpr auto first_pause = std::chrono::milliseconds(2);  // doubles: whoever was in the way has to end

bool is_one_of(const std::exception_ptr& error, std::initializer_list<Error::Kind> kinds) {
  try {
    std::rethrow_exception(error);
  } catch (const Error& db_error) {
    return std::find(kinds.begin(), kinds.end(), db_error.kind) != kinds.end();
  } catch (...) {
    return false;
  }
}

}  // namespace

bool may_be_repeated(const std::exception_ptr& error) {
  return is_one_of(error, {Error::Kind::lost, Error::Kind::undone});
}

bool ends_transaction(const std::exception_ptr& error) {
  return is_one_of(error, {Error::Kind::lost, Error::Kind::undone, Error::Kind::busy});
}

void with_retries(std::unique_ptr<Connection>& connection,
                  const std::function<std::unique_ptr<Connection>()>& open,
                  const std::function<void(Connection&)>& action) {
  auto pause = first_pause;
  for (int tried = 1;; ++tried) {
    if (connection && connection->broken()) connection.reset();
    if (!connection) connection = open();
    try {
      action(*connection);
      return;
    } catch (...) {
      const bool again = tried < most_tries && may_be_repeated(std::current_exception());
      if (connection->broken()) connection.reset();
      if (!again) throw;
    }
    if (connection) std::this_thread::sleep_for(pause);
    pause *= 2;
  }
}

}  // namespace oauth2::db
