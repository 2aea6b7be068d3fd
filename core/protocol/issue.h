#pragma once

#include <string>

#include "core/protocol/context.h"
#include "core/protocol/grant.h"

namespace oauth2::protocol {

struct Issued {
  std::string access_token;  // the secret: for the answer only
  std::int64_t expires_in = 0;
  std::string scope;
};

// Makes and stores what the claim gives, in the transaction at hand. Throws db::Error.
Issued issue(const Context& context, db::Connection& connection, const store::Client& client,
             const Claim& claim);

// RFC 6749 section 5.1.
std::string token_response(const Issued& issued);

}  // namespace oauth2::protocol
