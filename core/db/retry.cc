#include "core/db/retry.h"

#include <chrono>
#include <thread>

namespace oauth2::db {
namespace {

constexpr int most_tries = 5;
constexpr auto first_pause = std::chrono::milliseconds(2);  // doubles: whoever was in the way has to end

}  // namespace

bool may_be_repeated(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Error& db_error) {
    return db_error.kind == Error::Kind::lost || db_error.kind == Error::Kind::undone;
  } catch (...) {
    return false;
  }
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
