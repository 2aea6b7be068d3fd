#pragma once

#include <string_view>

#include "core/protocol/context.h"
#include "core/store/users.h"

namespace oauth2::protocol {

// The user whom a name (username or e-mail) and a password prove to be there; for the sign-in page and the
// password grant alike. Throws Error(invalid_grant) for an unknown name, a wrong password, a user without one
// and a disabled one, all alike and in the same time, with the seconds to wait before the next attempt where
// this failure was one too many; Error(too_many_requests) with those seconds when account or address are to
// wait, and then nothing was judged; Error(temporarily_unavailable) when too many passwords wait to be
// judged. Whoever acts on the answer asks again, in the transaction of the act, whether the user is still
// enabled and has the same password_hash.
store::User authenticate_user(const Context& context, std::string_view name, std::string_view password);

}  // namespace oauth2::protocol
