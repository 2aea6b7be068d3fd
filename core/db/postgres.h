#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "core/db/connection.h"

namespace oauth2::db {

struct PostgresOptions {
  bool create = false;      // init: a schema without any table will do
  bool for_server = false;  // no statement may take longer than a request may wait
  bool query_only = false;  // a reader: writing by mistake is an error
  std::chrono::milliseconds busy_timeout{5000};
};

// The driver is a library of its own (core/db/postgres/), loaded at the first use: libpq and what it brings
// along cost every start 3 ms and every process 4 MB, on SQLite too.
//
// Connects to postgresql://…, judges that the current schema of that database is ours (or empty), and sets
// the session up so that what is committed is durable. Throws Error: unreachable or refused, with the
// server's words and never the password.
std::unique_ptr<Connection> open_postgres(const std::string& url, const PostgresOptions& options);

}  // namespace oauth2::db
