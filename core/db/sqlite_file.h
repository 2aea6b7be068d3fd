#pragma once

#include <string>

namespace oauth2::db {

struct SqliteFile {
  std::string uri;  // file: URI for sqlite3_open_v2
  bool read_only = false;
};

// Judges the path before SQLite sees it: makes directory (0700) and file (0600) when `create`, refuses a
// missing or empty file otherwise, refuses loose modes, and finds out whether it can be written. Throws
// Error.
SqliteFile prepare_sqlite_file(const std::string& path, bool create);

}  // namespace oauth2::db
