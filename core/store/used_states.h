#pragma once

#include <cstdint>
#include <string_view>

#include "core/db/connection.h"

namespace oauth2::store {

// Notes that a state came back. False: it did before; of several at once, one gets true.
bool use_state(db::Connection& connection, std::string_view state_hash, std::int64_t expires_at);

// Deletes at most `most` states that expired before `before`; answers how many.
std::int64_t delete_expired_used_states(db::Connection& connection, std::int64_t before, std::int64_t most);
std::int64_t count_expired_used_states(db::Connection& connection, std::int64_t before);

}  // namespace oauth2::store
