#include "core/store/sessions.h"

#include "core/store/expired.h"
#include "core/store/id_prefix.h"

namespace oauth2::store {
namespace {

constexpr std::int64_t touch_seconds = 60;

constexpr std::string_view select_sessions =
    "SELECT s.id, s.session_hash, s.user_id, s.remember, s.address, s.user_agent, s.created_at,"
    " s.last_seen_at, s.expires_at, s.revoked_at, u.username, u.disabled_at"
    " FROM sessions s LEFT JOIN users u ON u.id = s.user_id ";

Session session_from(const db::Row& row) {
  Session session;
  session.id = row.text(0);
  session.session_hash = row.text(1);
  session.user_id = row.optional_text(2);
  session.remember = row.flag(3);
  session.address = row.optional_text(4);
  session.user_agent = row.optional_text(5);
  session.created_at = row.integer(6);
  session.last_seen_at = row.integer(7);
  session.expires_at = row.integer(8);
  session.revoked_at = row.optional_integer(9);
  session.username = row.optional_text(10);
  session.user_disabled_at = row.optional_integer(11);
  return session;
}

std::vector<Session> select(db::Connection& connection, std::string_view rest,
                            const db::Parameters& parameters) {
  std::vector<Session> sessions;
  connection.run(std::string(select_sessions).append(rest), parameters,
                 [&](const db::Row& row) { sessions.push_back(session_from(row)); });
  return sessions;
}

std::optional<Session> select_one(db::Connection& connection, std::string_view rest,
                                  const db::Parameters& parameters) {
  auto sessions = select(connection, rest, parameters);
  return sessions.empty() ? std::nullopt : std::optional(std::move(sessions.front()));
}

}  // namespace

void insert_session(db::Connection& connection, const Session& session) {
  connection.run(
      "INSERT INTO sessions (id, session_hash, user_id, remember, address, user_agent, created_at,"
      " last_seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {session.id, session.session_hash, session.user_id, std::int64_t{session.remember}, session.address,
       session.user_agent, session.created_at, session.last_seen_at, session.expires_at});
}

std::optional<Session> find_session(db::Connection& connection, std::string_view id) {
  return select_one(connection, "WHERE s.id = $1", {id});
}

std::optional<Session> find_session_by_hash(db::Connection& connection, std::string_view session_hash) {
  return select_one(connection, "WHERE s.session_hash = $1", {session_hash});
}

std::vector<Session> list_sessions_by_id_prefix(db::Connection& connection, std::string_view prefix) {
  return select(connection, "WHERE s.id >= $1 AND s.id < $2 ORDER BY s.id", {prefix, after_prefix(prefix)});
}

std::vector<Session> list_sessions(db::Connection& connection, const SessionFilter& filter) {
  // One text for each: with an OR, a user's sessions are not looked up by their index.
  std::string where = filter.user_id ? "WHERE s.user_id = $1" : "WHERE CAST($1 AS TEXT) IS NULL";
  if (filter.signed_in) where += " AND s.user_id IS NOT NULL";
  where +=
      " AND (CAST($2 AS BIGINT) IS NULL"
      "      OR (s.revoked_at IS NULL AND s.expires_at > $2 AND u.disabled_at IS NULL))"
      " AND (CAST($3 AS BIGINT) IS NULL OR (s.revoked_at IS NULL AND s.expires_at > $3))"
      " ORDER BY s.created_at DESC, s.id";
  return select(connection, where, {filter.user_id, filter.active_at, filter.revocable_at});
}

void touch_session(db::Connection& connection, std::string_view id, std::int64_t now,
                   std::int64_t expires_at) {
  connection.run(
      "UPDATE sessions SET last_seen_at = $2, expires_at = $4 WHERE id = $1 AND revoked_at IS NULL"
      " AND expires_at > $2 AND last_seen_at <= CAST($2 AS BIGINT) - CAST($3 AS BIGINT)",
      {id, now, touch_seconds, expires_at});
}

std::int64_t revoke_session(db::Connection& connection, std::string_view id, std::int64_t now) {
  return connection.run("UPDATE sessions SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL",
                        {id, now});
}

std::int64_t revoke_user_sessions(db::Connection& connection, std::string_view user_id, std::int64_t now,
                                  const std::optional<std::string>& except_id) {
  return connection.run(
      "UPDATE sessions SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL"
      " AND (CAST($3 AS TEXT) IS NULL OR id <> $3)",
      {user_id, now, except_id});
}

std::int64_t delete_expired_sessions(db::Connection& connection, std::int64_t before, std::int64_t most) {
  return delete_expired(connection, "sessions", "id", before, most);
}

std::int64_t count_expired_sessions(db::Connection& connection, std::int64_t before) {
  return count_expired(connection, "sessions", before);
}

}  // namespace oauth2::store
