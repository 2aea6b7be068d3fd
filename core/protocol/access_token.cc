#include "core/protocol/access_token.h"

#include "core/crypto/base64url.h"
#include "core/crypto/hash.h"
#include "core/crypto/jwt.h"
#include "core/crypto/token_string.h"
#include "core/json_text.h"
#include "core/protocol/error.h"
#include "core/protocol/token_document.h"

namespace oauth2::protocol {
std::string access_token_claims(const store::Token& row, std::string_view issuer) {
  const std::string client_id = row.client_id.value_or("");
  JsonText claims;
  claims.member("jti", row.id);
  claims.member("iss", issuer);
  // Without a user the client speaks for itself.
  claims.member("sub", row.user_id ? *row.user_id : client_id);
  add_audience(claims, row, issuer);
  claims.member("client_id", client_id);
  claims.member("exp", row.expires_at.value_or(0));
  claims.member("iat", row.created_at);
  if (!row.scope.empty()) claims.member("scope", row.scope);
  return claims.take();
}

NewTokens::One sign_access_token(const SigningKey& key, store::Token row, std::string_view issuer) {
  NewTokens::One made;
  row.id = crypto::random_token_id();
  made.secret = crypto::sign_jwt(key.key, key.kid, "at+jwt", access_token_claims(row, issuer));
  if (made.secret.size() > longest_jwt)
    throw Error(invalid_scope, "scope and audience do not fit into a JWT: ask for less");
  row.kind = crypto::name(crypto::TokenKind::access);
  row.token_hash = crypto::sha256_base64url(made.secret);
  row.signing_kid = key.kid;
  made.row = std::move(row);
  return made;
}

}  // namespace oauth2::protocol
