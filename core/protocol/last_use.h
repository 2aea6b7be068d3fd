#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "core/db/database.h"
#include "core/store/sessions.h"
#include "core/store/tokens.h"

namespace oauth2::protocol {

// Uses of personal tokens and of browser sessions, gathered in memory and written together: at most one write
// a minute for each, and no request waits for it.
class LastUse {
 public:
  void note(const store::Token& token, std::int64_t now);
  // `expires_at`: until when the session lasts because of it.
  void note(const store::Session& session, std::int64_t now, std::int64_t expires_at);
  // Writes what was noted since the last time; nothing on a read-only database. Throws db::Error, then it is
  // kept.
  void flush(db::Database& db);

 private:
  struct Use {
    bool of_session = false;
    std::int64_t at = 0;
    std::int64_t expires_at = 0;  // of a session
  };

  std::mutex mutex_;
  std::unordered_map<std::string, Use> noted_;  // by the id of a token or of a session
};

}  // namespace oauth2::protocol
