#pragma once

#include <string>

namespace oauth2::db {

// What libpq connects with: the URL's parts, and limits for what it does not say (libpq's own would wait for
// hours on a host that has gone). Throws Error::Kind::refused for a malformed URL, quoting nothing of it.
std::string postgres_conninfo(const std::string& url);

}  // namespace oauth2::db
