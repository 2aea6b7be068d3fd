#include "core/store/device_codes.h"

#include "core/store/expired.h"

namespace oauth2::store {
namespace {

std::optional<DeviceCode> select_one(db::Connection& connection, std::string_view where,
                                     const db::Parameters& parameters) {
  static const std::string select =
      "SELECT d.device_code_hash, d.user_code, d.client_id, d.user_id, d.scope, d.audience,"
      " d.interval_seconds, d.last_poll_at, d.approved_at, d.denied_at, d.redeemed_at, d.created_at,"
      " d.expires_at, u.disabled_at FROM device_codes d LEFT JOIN users u ON u.id = d.user_id ";
  std::optional<DeviceCode> code;
  connection.run(select + std::string(where), parameters, [&](const db::Row& row) {
    code = DeviceCode{row.text(0),
                      row.text(1),
                      row.text(2),
                      row.optional_text(3),
                      row.text(4),
                      row.optional_text(5),
                      row.integer(6),
                      row.optional_integer(7),
                      row.optional_integer(8),
                      row.optional_integer(9),
                      row.optional_integer(10),
                      row.integer(11),
                      row.integer(12),
                      !row.is_null(13)};
  });
  return code;
}

}  // namespace

void insert_device_code(db::Connection& connection, const DeviceCode& code) {
  connection.run(
      "INSERT INTO device_codes (device_code_hash, user_code, client_id, scope, audience, interval_seconds,"
      " created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      {code.device_code_hash, code.user_code, code.client_id, code.scope, code.audience,
       code.interval_seconds, code.created_at, code.expires_at});
}

std::optional<DeviceCode> find_device_code(db::Connection& connection, std::string_view device_code_hash) {
  return select_one(connection, "WHERE d.device_code_hash = $1", {device_code_hash});
}

std::optional<DeviceCode> find_device_code_by_user_code(db::Connection& connection,
                                                        std::string_view user_code) {
  return select_one(connection, "WHERE d.user_code = $1", {user_code});
}

bool approve_device_code(db::Connection& connection, std::string_view device_code_hash,
                         std::string_view user_id, std::int64_t now) {
  return connection.run(
             "UPDATE device_codes SET user_id = $2, approved_at = $3 WHERE device_code_hash = $1"
             " AND approved_at IS NULL AND denied_at IS NULL AND expires_at > $3",
             {device_code_hash, user_id, now}) > 0;
}

bool deny_device_code(db::Connection& connection, std::string_view device_code_hash, std::string_view user_id,
                      std::int64_t now) {
  return connection.run(
             "UPDATE device_codes SET user_id = $2, denied_at = $3 WHERE device_code_hash = $1"
             " AND approved_at IS NULL AND denied_at IS NULL AND expires_at > $3",
             {device_code_hash, user_id, now}) > 0;
}

bool note_device_poll(db::Connection& connection, std::string_view device_code_hash, std::int64_t now) {
  return connection.run(
             "UPDATE device_codes SET last_poll_at = $2 WHERE device_code_hash = $1"
             " AND (last_poll_at IS NULL OR last_poll_at <= CAST($2 AS BIGINT) - interval_seconds)",
             {device_code_hash, now}) > 0;
}

void slow_device_polls(db::Connection& connection, std::string_view device_code_hash, std::int64_t now,
                       std::int64_t more_seconds) {
  connection.run(
      "UPDATE device_codes SET last_poll_at = $2, interval_seconds = interval_seconds + $3"
      " WHERE device_code_hash = $1",
      {device_code_hash, now, more_seconds});
}

bool redeem_device_code(db::Connection& connection, std::string_view device_code_hash, std::int64_t now) {
  return connection.run(
             "UPDATE device_codes SET redeemed_at = $2 WHERE device_code_hash = $1"
             " AND approved_at IS NOT NULL AND redeemed_at IS NULL",
             {device_code_hash, now}) > 0;
}

// COALESCE keeps the client's index out: a client may have very many codes, a user has few.
std::int64_t delete_unredeemed_device_codes(db::Connection& connection, std::string_view user_id,
                                            std::string_view client_id) {
  return connection.run(
      "DELETE FROM device_codes WHERE user_id = $1 AND COALESCE(client_id, '') = $2"
      " AND approved_at IS NOT NULL AND redeemed_at IS NULL",
      {user_id, client_id});
}

std::int64_t delete_unredeemed_device_codes(db::Connection& connection, std::string_view user_id) {
  return connection.run(
      "DELETE FROM device_codes WHERE user_id = $1 AND approved_at IS NOT NULL AND redeemed_at IS NULL",
      {user_id});
}

std::int64_t delete_expired_device_codes(db::Connection& connection, std::int64_t before, std::int64_t most) {
  return delete_expired(connection, "device_codes", "device_code_hash", before, most);
}

std::int64_t count_expired_device_codes(db::Connection& connection, std::int64_t before) {
  return count_expired(connection, "device_codes", before);
}

}  // namespace oauth2::store
