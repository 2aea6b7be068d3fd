#include "core/protocol/issue.h"

#include "core/crypto/base64url.h"
#include "core/crypto/hash.h"
#include "core/crypto/token_string.h"
#include "core/json_text.h"
#include "core/text.h"

namespace oauth2::protocol {

Issued issue(const Context& context, db::Connection& connection, const store::Client& client,
             const Claim& claim) {
  Issued issued;
  issued.access_token = crypto::make_token_string(crypto::TokenKind::access);
  issued.expires_in = client.access_token_ttl.value_or(context.settings.access_token_ttl);
  issued.scope = text::join(claim.scope);

  const std::string digest = crypto::sha256(issued.access_token);
  store::Token token;
  token.id = crypto::token_id(digest);
  token.token_hash = crypto::base64url(digest);
  token.kind = "access";
  token.client_id = client.id;
  token.user_id = claim.user_id;
  token.scope = issued.scope;
  token.created_at = context.now;
  token.expires_at = context.now + issued.expires_in;
  store::insert_token(connection, token);
  return issued;
}

std::string token_response(const Issued& issued) {
  JsonText document;
  document.member("access_token", issued.access_token);
  document.member("token_type", "Bearer");
  document.member("expires_in", issued.expires_in);
  document.member("scope", issued.scope);
  return document.take();
}

}  // namespace oauth2::protocol
