#pragma once

#include <cstdint>
#include <optional>

#include "core/admin/context.h"
#include "core/federation/sealing.h"

namespace oauth2::federation {

struct Rewrapped {
  std::int64_t provider_secrets = 0;
  std::int64_t account_tokens = 0;  // accounts whose tokens they are
};

// Seals the secrets of providers and the tokens of linked accounts anew where they do not lie under `now`, in
// the transaction at hand: all or none, since it throws admin::Refused for one that opens with neither key. A
// sign-up that waits for its form at that time must be started again.
Rewrapped rewrap_secrets(db::Connection& connection, const admin::Context& context, const ServerKey& now,
                         const std::optional<ServerKey>& before);

}  // namespace oauth2::federation
