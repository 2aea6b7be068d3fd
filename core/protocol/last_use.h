#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "core/db/database.h"
#include "core/store/tokens.h"

namespace oauth2::protocol {

// Uses of personal tokens, gathered in memory and written together: at most one write a minute and token, and
// no request waits for it.
class LastUse {
 public:
  void note(const store::Token& token, std::int64_t now);
  // Writes what was noted since the last time; nothing on a read-only database. Throws db::Error, then it is
  // kept.
  void flush(db::Database& db);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::int64_t> noted_;
};

}  // namespace oauth2::protocol
