#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/protocol/grant.h"
#include "core/store/tokens.h"

namespace oauth2::protocol {

// What a token that is stored with this row says as a JWT (RFC 9068 section 2.2), as a JSON object. The jti
// is its first member: by it the row is found again.
std::string access_token_claims(const store::Token& row, std::string_view issuer);

// The row as a JWT: under an id of its own, with its hash and the name of the key. Throws
// Error(invalid_scope) where it would be longer than a token may be.
NewTokens::One sign_access_token(const SigningKey& key, store::Token row, std::string_view issuer);

}  // namespace oauth2::protocol
