#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/connection.h"

namespace oauth2::store {

// A browser that talks to the server's pages.
struct Session {
  std::string id;                      // may be shown; the cookie is another secret
  std::string session_hash;            // of the cookie
  std::optional<std::string> user_id;  // absent: before sign-in
  bool remember = false;
  std::optional<std::string> address;
  std::optional<std::string> user_agent;
  std::int64_t created_at = 0;
  std::int64_t last_seen_at = 0;
  std::int64_t expires_at = 0;
  std::optional<std::int64_t> revoked_at;

  // Read along from the user; not written.
  std::optional<std::string> username;
  std::optional<std::int64_t> user_disabled_at;

  bool is_active(std::int64_t now) const { return !revoked_at && expires_at > now && !user_disabled_at; }
};

void insert_session(db::Connection& connection, const Session& session);  // db::Conflict: id or hash is taken

// Expired and revoked ones too.
std::optional<Session> find_session(db::Connection& connection, std::string_view id);
std::optional<Session> find_session_by_hash(db::Connection& connection, std::string_view session_hash);
std::vector<Session> list_sessions_by_id_prefix(db::Connection& connection, std::string_view prefix);

struct SessionFilter {
  std::optional<std::string> user_id;
  bool signed_in = false;                    // only those that are somebody's
  std::optional<std::int64_t> active_at;     // only those that are active then
  std::optional<std::int64_t> revocable_at;  // only those neither revoked nor expired then
};
std::vector<Session> list_sessions(db::Connection& connection, const SessionFilter& filter);  // newest first

// Notes that it was seen, at most once a minute, and until when it lasts because of it.
void touch_session(db::Connection& connection, std::string_view id, std::int64_t now,
                   std::int64_t expires_at);

// Both answer how many were not revoked before.
std::int64_t revoke_session(db::Connection& connection, std::string_view id, std::int64_t now);
std::int64_t revoke_user_sessions(db::Connection& connection, std::string_view user_id, std::int64_t now,
                                  const std::optional<std::string>& except_id = std::nullopt);

// Deletes at most `most` sessions that expired before `before`; answers how many. A revoked one goes when it
// would have expired.
std::int64_t delete_expired_sessions(db::Connection& connection, std::int64_t before, std::int64_t most);
std::int64_t count_expired_sessions(db::Connection& connection, std::int64_t before);

}  // namespace oauth2::store
