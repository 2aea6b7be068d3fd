#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/protocol/context.h"
#include "core/protocol/params.h"
#include "core/store/clients.h"

namespace oauth2::protocol {

// What a request says of its client: the Authorization header and the form's client_id and client_secret.
struct ClientClaim {
  enum class Method { absent, none, client_secret_basic, client_secret_post };
  Method method = Method::absent;
  std::string client_id;
  std::string client_secret;
  std::string secret_hash;  // of the secret, as the database has it; of a claim without one too
};

// RFC 6749 section 2.3.1. Throws Error: invalid_request for two methods at once or a client_id in the body
// that is not the header's, invalid_client for a header that is not a Basic one.
ClientClaim read_client_claim(const std::optional<std::string>& authorization, const Params& form);

// The client that the claim proves to be. Throws Error(invalid_client) for an unknown client, a wrong secret,
// another method than the registered one, a disabled client or owner, all alike and in the same time; and
// Error(too_many_requests) after too many failures of this client from this address.
store::Client authenticate_client(const Context& context, db::Connection& connection,
                                  const ClientClaim& claim);

// The same with credentials that `load` finds, for an endpoint that reads more in the same statement.
using LoadCredentials = std::function<std::optional<store::ClientCredentials>()>;
store::Client authenticate_client(const Context& context, const ClientClaim& claim,
                                  const LoadCredentials& load);
// And for one that is not for public clients.
store::Client authenticate_confidential_client(const Context& context, const ClientClaim& claim,
                                               const LoadCredentials& load);

// As the database has it; "" where the claim has no secret.
std::string secret_hash_of(const ClientClaim& claim);

}  // namespace oauth2::protocol
