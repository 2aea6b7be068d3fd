#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/db/connection.h"

namespace oauth2::store {

// What a device without a browser asks for (RFC 8628): the device polls with one code, and a person types the
// other one elsewhere and decides.
struct DeviceCode {
  std::string device_code_hash;
  std::string user_code;  // as it is compared: letters only
  std::string client_id;
  std::optional<std::string> user_id;  // who decided; absent: nobody did
  std::string scope;                   // words joined by one space
  std::optional<std::string> audience;
  std::int64_t interval_seconds = 0;  // between polls, at least
  std::optional<std::int64_t> last_poll_at;
  std::optional<std::int64_t> approved_at;
  std::optional<std::int64_t> denied_at;
  std::optional<std::int64_t> redeemed_at;
  std::int64_t created_at = 0;
  std::int64_t expires_at = 0;

  // Read along from the user; not written.
  bool user_disabled = false;

  bool is_undecided(std::int64_t now) const { return !approved_at && !denied_at && expires_at > now; }
};

void insert_device_code(db::Connection& connection, const DeviceCode& code);  // db::Conflict: a code is taken
// Expired, decided and redeemed ones too.
std::optional<DeviceCode> find_device_code(db::Connection& connection, std::string_view device_code_hash);
std::optional<DeviceCode> find_device_code_by_user_code(db::Connection& connection,
                                                        std::string_view user_code);

// Both are false when it was decided before, or has expired.
bool approve_device_code(db::Connection& connection, std::string_view device_code_hash,
                         std::string_view user_id, std::int64_t now);
bool deny_device_code(db::Connection& connection, std::string_view device_code_hash, std::string_view user_id,
                      std::int64_t now);

// Notes a poll. False, and nothing is noted, when the last one was less than the interval ago.
bool note_device_poll(db::Connection& connection, std::string_view device_code_hash, std::int64_t now);
// Notes a poll that came too soon: the interval grows for good.
void slow_device_polls(db::Connection& connection, std::string_view device_code_hash, std::int64_t now,
                       std::int64_t more_seconds);

// False when it is not approved, or was redeemed before: of many at once, one is told that it won.
bool redeem_device_code(db::Connection& connection, std::string_view device_code_hash, std::int64_t now);

// Those that the user approved and nobody redeemed yet; without a client, every client's. Answer how many.
std::int64_t delete_unredeemed_device_codes(db::Connection& connection, std::string_view user_id,
                                            std::string_view client_id);
std::int64_t delete_unredeemed_device_codes(db::Connection& connection, std::string_view user_id);

// Deletes at most `most` codes that expired before `before`; answers how many.
std::int64_t delete_expired_device_codes(db::Connection& connection, std::int64_t before, std::int64_t most);
std::int64_t count_expired_device_codes(db::Connection& connection, std::int64_t before);

}  // namespace oauth2::store
