#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/federation/identity.h"
#include "core/federation/remote.h"
#include "core/protocol/params.h"

// OAuth 1.0a (RFC 5849).
namespace oauth2::federation {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// What is signed (section 3.4.1): `parameters` are all but those in the query of `url`, decoded.
std::string signature_base_string(std::string_view method, std::string_view url, Pairs parameters);

// Section 3.4.2 for HMAC-SHA1, 3.4.4 for PLAINTEXT; std::runtime_error for another method.
std::string oauth1_signature(std::string_view signature_method, std::string_view base_string,
                             std::string_view client_secret, std::string_view token_secret);

// A token and its secret, temporary or for good.
struct Credentials {
  std::string token;
  std::string secret;
};

// Section 2.1. Failure(token_refused) where it is denied.
Credentials request_token(const Remote& remote, const std::string& callback);
// Section 2.2.
std::string oauth1_authorization_url(const Remote& remote, const std::string& token);
// Section 2.3, with the verifier that the browser brought. Failure: denied; mixed_up where the answer is
// about another token.
Credentials redeem_verifier(const Remote& remote, const Credentials& temporary,
                            const protocol::Params& query);
// The userinfo document, asked for with a token.
JsonDocument ask_as_user(const Remote& remote, const Credentials& credentials);

}  // namespace oauth2::federation
