#include "core/store/used_states.h"

#include "core/store/expired.h"

namespace oauth2::store {

bool use_state(db::Connection& connection, std::string_view state_hash, std::int64_t expires_at) {
  return connection.run(
             "INSERT INTO used_states (state_hash, expires_at) VALUES ($1, $2)"
             " ON CONFLICT (state_hash) DO NOTHING",
             {state_hash, expires_at}) > 0;
}

std::int64_t delete_expired_used_states(db::Connection& connection, std::int64_t before, std::int64_t most) {
  return delete_expired(connection, "used_states", "state_hash", before, most);
}

std::int64_t count_expired_used_states(db::Connection& connection, std::int64_t before) {
  return count_expired(connection, "used_states", before);
}

}  // namespace oauth2::store
