#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/federation/context.h"
#include "core/federation/identity.h"

namespace oauth2::federation {

// As they lie in remote_accounts.tokens_sealed: all but `expires_at`, which has a column of its own. They
// open for this account alone.
std::string seal_tokens(const ServerKey& key, std::string_view provider, std::string_view subject,
                        const RemoteTokens& tokens);
RemoteTokens open_tokens(const ServerKey& key, std::string_view provider, std::string_view subject,
                         std::string_view tokens_sealed,
                         std::optional<std::int64_t> expires_at);  // throws CannotOpen

// Fresh ones for what was given before; the refresh token and the scope stay where the answer names none.
// Throws Failure, with token_refused also where there is nothing to refresh with.
RemoteTokens refresh(const Outside& outside, const store::Provider& provider, const RemoteTokens& tokens,
                     std::int64_t now);

}  // namespace oauth2::federation
