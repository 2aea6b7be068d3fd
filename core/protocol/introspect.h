#pragma once

#include "core/protocol/client_auth.h"
#include "core/protocol/context.h"
#include "core/protocol/params.h"
#include "core/store/clients.h"
#include "core/store/tokens.h"

namespace oauth2::protocol {

// Whether a caller may look at an active token: at its own always; at any that is meant for the issuer or for
// one of the caller's audiences; as `any` without an audience at all. A refresh token, and all when it is
// registered for `own`, only when it is the caller's.
bool may_see(const store::Client& caller, const store::Token& token, std::string_view issuer);

// RFC 7662, for confidential clients. What is not active, or not for this client's eyes, is {"active":false}
// and nothing more. `is_signed`: the document in a JWT (RFC 9701), as introspection_jwt_type. Throws Error.
Answer introspect(const Context& context, const Params& form, const std::optional<std::string>& authorization,
                  bool is_signed = false);

inline constexpr std::string_view introspection_jwt_type = "application/token-introspection+jwt";

}  // namespace oauth2::protocol
