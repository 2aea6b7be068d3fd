#pragma once

#include <exception>
#include <functional>
#include <memory>

#include "core/db/connection.h"

namespace oauth2::db {

struct Rollback {
  Connection& connection;
  ~Rollback() { connection.rollback(); }  // does nothing after a commit
};

// True for Error::Kind::lost and undone: nothing is stored, and the same may work at once.
bool may_be_repeated(const std::exception_ptr& error);

// True for whatever ends a whole transaction and not only what one action of it did: the above, and
// Error::Kind::busy, for whoever holds the lock keeps the others waiting just as long.
bool ends_transaction(const std::exception_ptr& error);

// Runs `action` on the connection, again when the transaction was undone for another's sake and, on a new
// connection from `open`, when the connection was lost (it may have died long ago, unused). Gives up after a
// few tries. `connection` is made where it is absent, and taken away when it is broken.
void with_retries(std::unique_ptr<Connection>& connection,
                  const std::function<std::unique_ptr<Connection>()>& open,
                  const std::function<void(Connection&)>& action);

}  // namespace oauth2::db
