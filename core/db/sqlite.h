#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "core/db/connection.h"

namespace oauth2::db {

struct SqliteOptions {
  bool create = false;
  std::chrono::milliseconds busy_timeout{5000};
  bool query_only = false;  // a reader: writing by mistake is an error
};

// Opens the file, judges that it is ours (or empty), and sets what security.md's durability rules ask for.
std::unique_ptr<Connection> open_sqlite(const std::string& path, const SqliteOptions& options);

}  // namespace oauth2::db
