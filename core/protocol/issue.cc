#include "core/protocol/issue.h"

#include <algorithm>

#include "core/crypto/token_string.h"
#include "core/json_text.h"
#include "core/protocol/error.h"
#include "core/protocol/scope.h"
#include "core/protocol/token_document.h"
#include "core/text.h"

namespace oauth2::protocol {
namespace {

NewTokens::One make_token(crypto::TokenKind kind) {
  NewTokens::One made;
  made.secret = crypto::make_token_string(kind);
  made.row = token_row(kind, made.secret);
  return made;
}

store::Token row_of(const Context& context, const store::Client& client, const Claim& claim,
                    const NewTokens::One& made) {
  store::Token token = made.row;
  token.client_id = client.id;
  token.user_id = claim.user_id;
  token.scope = text::join(claim.scope);
  token.audience = claim.audience;
  token.family_id = claim.family_id;
  token.created_at = context.now;
  return token;
}

bool is_refreshed(const store::Client& client, const Claim& claim) {
  return claim.family_id && client.has_grant("refresh_token");
}

std::optional<std::string> first_refresh_token(const Context& context, db::Connection& connection,
                                               const store::Client& client, const Claim& claim,
                                               const NewTokens& made) {
  if (!is_refreshed(client, claim)) return std::nullopt;
  const NewTokens::One one = made.refresh ? *made.refresh : make_token(crypto::TokenKind::refresh);
  insert_refresh_token(context, connection, row_of(context, client, claim, one),
                       context.now + refresh_token_ttl(context, client));
  return one.secret;
}

// Fills in what of it is answered.
store::Token new_access_token(const Context& context, const store::Client& client, const Claim& claim,
                              const NewTokens::One& made, Issued& issued) {
  issued.access_token = made.secret;
  issued.expires_in = client.access_token_ttl.value_or(context.settings.access_token_ttl);
  store::Token token = row_of(context, client, claim, made);
  token.expires_at = context.now + issued.expires_in;
  issued.scope = token.scope;
  return token;
}

// The e-mail address is behind a scope of its own.
std::string user_document(const store::User& user, const std::string& scope) {
  JsonText document;
  document.member("id", user.id);
  if (user.email && covers(text::words(scope), {"user:email"})) {
    document.member("email", *user.email);
    document.member("email_verified", user.email_verified_at.has_value());
  }
  return document.take();
}

}  // namespace

NewTokens make_tokens(const store::Client& client, const Claim& claim) {
  NewTokens made;
  made.access = make_token(crypto::TokenKind::access);
  if (is_refreshed(client, claim) && !claim.rotation && !claim.refresh_token)
    made.refresh = make_token(crypto::TokenKind::refresh);
  return made;
}

Issued issue(const Context& context, db::Connection& connection, const ClientClaim& client_claim,
             const store::Client& client, const Claim& claim, const NewTokens& made) {
  Issued issued;
  const store::Token token = new_access_token(context, client, claim, made.access, issued);
  if (!store::insert_token_of_live_client(connection, token, secret_hash_of(client_claim)))
    throw Error(invalid_client, "the client is no longer who it proved to be");
  issued.refresh_token = claim.refresh_token ? claim.refresh_token
                                             : first_refresh_token(context, connection, client, claim, made);
  issued.user = claim.user;
  if (!issued.user && claim.user_id) issued.user = store::find_user(connection, *claim.user_id);
  return issued;
}

Issued issue_implicit(const Context& context, db::Connection& connection, const store::Client& client,
                      const Claim& claim) {
  Issued issued;
  store::insert_token(
      connection, new_access_token(context, client, claim, make_token(crypto::TokenKind::access), issued));
  return issued;
}

void insert_refresh_token(const Context& context, db::Connection& connection, store::Token token,
                          std::int64_t family_ends_at) {
  token.created_at = context.now;
  token.lifetime = family_ends_at - context.now;
  token.expires_at = std::min(context.now + context.settings.refresh_token_idle, family_ends_at);
  store::insert_token(connection, token);
}

std::int64_t refresh_token_ttl(const Context& context, const store::Client& client) {
  return client.refresh_token_ttl.value_or(context.settings.refresh_token_ttl);
}

std::string token_response(const Issued& issued) {
  JsonText document;
  document.member("access_token", issued.access_token);
  document.member("token_type", "Bearer");
  document.member("expires_in", issued.expires_in);
  document.member("scope", issued.scope);
  if (issued.refresh_token) document.member("refresh_token", *issued.refresh_token);
  if (issued.user) document.raw("user", user_document(*issued.user, issued.scope));
  return document.take();
}

}  // namespace oauth2::protocol
