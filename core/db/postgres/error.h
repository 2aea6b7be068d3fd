#pragma once

#include <string>

namespace oauth2::db {

// Throws what the exception of libpqxx that is being handled means: Error or Conflict. `broken`: the
// connection did not survive it. `place`: the URL without its password.
[[noreturn]] void rethrow_postgres(const std::string& place, bool broken);

// The same for a connection that could not be made.
[[noreturn]] void rethrow_postgres_connect(const std::string& place);

}  // namespace oauth2::db
