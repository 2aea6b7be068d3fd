#pragma once

#include <chrono>
#include <string_view>

#include "core/admin/context.h"
#include "core/admin/error.h"
#include "core/federation/identity.h"
#include "core/store/remote_accounts.h"

namespace oauth2::federation {

// There is no token to act with, or it has ended and cannot be refreshed.
struct NoUsableToken : admin::UserError {
  using UserError::UserError;
};

struct AccountToken {
  store::RemoteAccount account;
  RemoteTokens tokens;
  bool refreshed = false;  // in a dry run: it would be, and `tokens` are those that have ended
};

// What an administrator acts with for a user at a provider: refreshed there when it ends within a minute, and
// then kept. Appends an audit row in any case. Throws NotFound, Refused for a disabled provider,
// NoUsableToken, Failure for what the provider did, ServerKeyError and CannotOpen.
AccountToken fresh_account_token(const admin::Context& context, std::string_view ref);

}  // namespace oauth2::federation
