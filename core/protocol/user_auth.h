#pragma once

#include <string_view>

#include "core/protocol/context.h"
#include "core/store/users.h"

namespace oauth2::protocol {

// The user whom a name (username or e-mail) and a password prove to be there; for the sign-in page and the
// password grant alike. Throws Error(invalid_grant) for an unknown name, a wrong password, a user without one
// and a disabled one, all alike and in the same time; Error(too_many_requests) with the seconds to wait when
// this account or this address has failed too often; Error(temporarily_unavailable) when too many passwords
// wait to be judged. Whoever acts on the answer asks again, in the transaction of the act, whether the user
// is still enabled and has the same password_hash.
store::User authenticate_user(const Context& context, std::string_view name, std::string_view password);

}  // namespace oauth2::protocol
