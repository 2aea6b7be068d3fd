#pragma once

#include <optional>
#include <string_view>

#include "core/store/clients.h"
#include "core/store/tokens.h"

namespace oauth2::store {

// A client and the token that it asks about, which may be another's.
struct ClientAndToken {
  ClientCredentials credentials;  // of the client only what judges it and says what it may see
  std::optional<Token> token;
};

// Both in one statement: introspection is what a server does most, and every statement is a round trip where
// the database is a server. Nullopt without such a client.
std::optional<ClientAndToken> find_client_and_token(db::Connection& connection, std::string_view client_id,
                                                    std::string_view token_id, std::int64_t now);

}  // namespace oauth2::store
