#pragma once

#include <stdexcept>
#include <string>

namespace oauth2::db {

// The database did not do what it was asked; nothing of the transaction is stored unless `kind` says
// otherwise.
struct Error : std::runtime_error {
  enum class Kind {
    busy,             // another process holds the lock
    unreachable,      // missing, not readable, I/O failure; a database server that does not answer
    refused,          // a database server's no: password, rights, no such database, no TLS
    lost,             // the connection broke before the commit: surely undone, may be tried again
    undone,           // the database undid it for the sake of another transaction: may be tried again
    outcome_unknown,  // the connection broke during the commit: stored or not
    not_initialised,  // an empty or missing database: `oauth2ctl init` makes one
    foreign,          // not ours, or damaged
    newer,            // made by a newer oauth2ctl
    older,            // needs `oauth2ctl db migrate`
    not_permitted,    // file permissions
    read_only,
    full,    // no space left
    failed,  // everything else
  };

  Error(Kind error_kind, const std::string& message, std::string error_hint = {})
      : std::runtime_error(message), kind(error_kind), hint(std::move(error_hint)) {}

  Kind kind;
  std::string hint;  // what to do about it, for people; may be empty
};

// A unique value is taken already.
struct Conflict : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A value that must be there came out as NULL.
struct NoValue : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace oauth2::db
