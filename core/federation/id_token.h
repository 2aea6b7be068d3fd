#pragma once

#include <string>
#include <string_view>

#include "core/federation/discovery.h"

namespace oauth2::federation {

// The claims of an ID token that the provider's keys signed for us and this sign-in (OpenID Connect Core 1.0
// section 3.1.3.7). Failure(clock_skew) where only the time is wrong, Failure(bad_answer) for all else.
JsonDocument verify_id_token(const Remote& remote, const Endpoints& endpoints, std::string_view id_token,
                             std::string_view nonce);

}  // namespace oauth2::federation
