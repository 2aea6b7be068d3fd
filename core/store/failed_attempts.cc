#include "core/store/failed_attempts.h"

#include "core/store/expired.h"

namespace oauth2::store {
namespace {

FailedAttempts attempts_from(const db::Row& row) {
  return {row.integer(0), row.integer(1), row.integer(2), row.integer(3)};
}

}  // namespace

// $2 now, $3 free, $4 window, $5 longest block; f is the row as it was. The blocks double with each failure
// beyond the free ones; 40 of them and the shift is left out, for it would be longer than any block.
FailedAttempts count_failed_attempt(db::Connection& connection, std::string_view subject_hash,
                                    std::int64_t now, const FailureCosts& costs) {
  FailedAttempts attempts;
  connection.run(
      "INSERT INTO failed_attempts AS f (subject_hash, failures, first_at, blocked_until, expires_at)"
      " VALUES ($1, 1, $2, 0, CAST($2 AS BIGINT) + CAST($4 AS BIGINT))"
      " ON CONFLICT (subject_hash) DO UPDATE SET"
      " failures = CASE WHEN f.expires_at <= $2 THEN 1 ELSE f.failures + 1 END,"
      " first_at = CASE WHEN f.expires_at <= $2 THEN CAST($2 AS BIGINT) ELSE f.first_at END,"
      " blocked_until = CASE"
      "  WHEN f.expires_at <= $2 OR f.failures < $3 THEN 0"
      "  WHEN f.failures - CAST($3 AS BIGINT) >= 40"
      "   OR CAST(1 AS BIGINT) << CAST(f.failures - CAST($3 AS BIGINT) AS INTEGER) > CAST($5 AS BIGINT)"
      "   THEN CAST($2 AS BIGINT) + CAST($5 AS BIGINT)"
      "  ELSE CAST($2 AS BIGINT)"
      "   + (CAST(1 AS BIGINT) << CAST(f.failures - CAST($3 AS BIGINT) AS INTEGER)) END,"
      " expires_at = CASE"
      "  WHEN f.expires_at <= $2 THEN CAST($2 AS BIGINT) + CAST($4 AS BIGINT)"
      "  WHEN f.failures < $3 THEN f.expires_at"
      "  ELSE CAST($2 AS BIGINT) + CAST($4 AS BIGINT) + CAST($5 AS BIGINT) END"
      " RETURNING failures, first_at, blocked_until, expires_at",
      {subject_hash, now, costs.free, costs.window_seconds, costs.most_seconds},
      [&](const db::Row& row) { attempts = attempts_from(row); });
  return attempts;
}

std::optional<FailedAttempts> find_failed_attempts(db::Connection& connection, std::string_view subject_hash,
                                                   std::int64_t now) {
  std::optional<FailedAttempts> attempts;
  connection.run(
      "SELECT failures, first_at, blocked_until, expires_at FROM failed_attempts"
      " WHERE subject_hash = $1 AND expires_at > $2",
      {subject_hash, now}, [&](const db::Row& row) { attempts = attempts_from(row); });
  return attempts;
}

bool delete_failed_attempts(db::Connection& connection, std::string_view subject_hash) {
  return connection.run("DELETE FROM failed_attempts WHERE subject_hash = $1", {subject_hash}) > 0;
}

std::int64_t delete_expired_failed_attempts(db::Connection& connection, std::int64_t before,
                                            std::int64_t most) {
  return delete_expired(connection, "failed_attempts", "subject_hash", before, most);
}

std::int64_t count_expired_failed_attempts(db::Connection& connection, std::int64_t before) {
  return count_expired(connection, "failed_attempts", before);
}

}  // namespace oauth2::store
