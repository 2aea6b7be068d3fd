#pragma once

#include <optional>
#include <string>

#include "core/protocol/client_auth.h"
#include "core/protocol/context.h"
#include "core/protocol/grant.h"
#include "core/store/tokens.h"
#include "core/store/users.h"

namespace oauth2::protocol {

struct Issued {
  std::string access_token;  // the secret: for the answer only
  std::int64_t expires_in = 0;
  std::string scope;
  std::optional<std::string> refresh_token;  // the secret, likewise
  std::optional<std::string> user_id;        // who stands behind it
  std::optional<store::User> user;           // the same, where more than the id is answered
};

NewTokens make_tokens(const store::Client& client, const Claim& claim);

// Of a client whose access tokens are JWTs, signs the one that the claim gives; of others it is made already.
// Throws Error(invalid_scope) when the claim is more than fits into one.
void sign_tokens(const Context& context, const store::Client& client, const Claim& claim, NewTokens& made);

// Stores what the claim gives, in the transaction at hand, if the client is still who it proved to
// be: it may have been disabled, or its secret rotated, while the request waited for its turn. Throws
// Error(invalid_client) then, and db::Error. A JWT that was made for another claim than this is signed anew;
// Error(temporarily_unavailable) where its key may have been retired meanwhile.
Issued issue(const Context& context, db::Connection& connection, const ClientClaim& client_claim,
             const store::Client& client, const Claim& claim, const NewTokens& made);

// The same in the answer to an authorization request (RFC 6749 section 4.2.2): an access token alone, for a
// client that was judged in this transaction.
Issued issue_implicit(const Context& context, db::Connection& connection, const store::Client& client,
                      const Claim& claim, const NewTokens& made);

// The user behind the claim where the answer says more than the id: the e-mail address is behind a scope of
// its own.
std::optional<store::User> find_shown_user(db::Connection& connection, const Claim& claim);

std::int64_t refresh_token_ttl(const Context& context, const store::Client& client);  // of a whole family

// RFC 6749 section 5.1.
std::string token_response(const Issued& issued);

}  // namespace oauth2::protocol
