#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/db/database.h"
#include "core/settings.h"

namespace oauth2::admin {

// Who acts on what, and when. Each act is one transaction with its audit row.
struct Context {
  db::Database& db;
  const Settings& settings;
  std::int64_t now = 0;
  std::string actor;  // os:root, user:ID
  std::optional<std::string> reason;
  std::optional<std::string> address;  // of the request, where there is one
  std::optional<std::string> request_id;
};

// What `create` does about a name that is taken.
enum class IfExists {
  refuse,  // AlreadyExists, even when all is equal
  keep,    // --if-not-exists: answers what is there
  update,  // --upsert: makes it as asked
};

// Appends the audit row of an act in its own transaction. `object`: client:ID, user:ID, token:ID, scope:NAME,
// grant:ID, session:ID, provider:NAME, remote_account:ID.
void record(db::Connection& connection, const Context& context, std::string_view action,
            const std::string& object);

}  // namespace oauth2::admin
