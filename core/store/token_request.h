#pragma once

#include <optional>
#include <string_view>

#include "core/store/clients.h"
#include "core/store/codes.h"
#include "core/store/tokens.h"

// A client and what it presents at the token endpoint, which may be another's: both in one statement, since
// every statement is a round trip where the database is a server. Nullopt without such a client.
namespace oauth2::store {

struct ClientAndCode {
  ClientCredentials credentials;  // of the client only what judges it and says what it may be given
  std::optional<AuthorizationCode> code;
};
std::optional<ClientAndCode> find_client_and_code(db::Connection& connection, std::string_view client_id,
                                                  std::string_view code_hash, std::int64_t now);

struct ClientAndRefreshToken {
  ClientCredentials credentials;  // likewise
  std::optional<Token> token;  // of any kind; client_name and holder_disabled count only where it is its own
};
std::optional<ClientAndRefreshToken> find_client_and_refresh_token(db::Connection& connection,
                                                                   std::string_view client_id,
                                                                   std::string_view token_id,
                                                                   std::int64_t now);

}  // namespace oauth2::store
