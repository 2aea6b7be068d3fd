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

NewTokens::One make_token(crypto::TokenKind kind, std::string secret) {
  NewTokens::One made;
  made.row = token_row(kind, secret);
  made.secret = std::move(secret);
  return made;
}

NewTokens::One make_token(crypto::TokenKind kind) {
  return make_token(kind, crypto::make_token_string(kind));
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

// It waits refresh_token_idle to be used, but never beyond the end of its family.
store::Token refresh_token_until(const Context& context, store::Token token, std::int64_t family_ends_at) {
  token.created_at = context.now;
  token.lifetime = family_ends_at - context.now;
  token.expires_at = std::min(context.now + context.settings.refresh_token_idle, family_ends_at);
  return token;
}

// The refresh token that the claim gives, if it is one to be stored. Fills in what of it is answered.
std::optional<store::Token> new_refresh_token(const Context& context, const store::Client& client,
                                              const Claim& claim, const NewTokens& made, Issued& issued) {
  issued.refresh_token = claim.refresh_token;
  if (claim.refresh_token) return std::nullopt;
  if (!claim.rotation && !is_refreshed(client, claim)) return std::nullopt;
  const NewTokens::One one = made.refresh ? *made.refresh : make_token(crypto::TokenKind::refresh);
  issued.refresh_token = one.secret;
  if (!claim.rotation) {
    store::Token first = row_of(context, client, claim, one);
    first.audience = claim.refresh_audience;
    return refresh_token_until(context, std::move(first), context.now + refresh_token_ttl(context, client));
  }
  // The successor is the same user's, for the same scope and audience, however little of them this request
  // asked for.
  store::Token successor = claim.rotation->token;
  successor.id = one.row.id;
  successor.token_hash = one.row.token_hash;
  return refresh_token_until(context, std::move(successor), claim.rotation->family_ends_at);
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

std::string user_document(const Issued& issued) {
  JsonText document;
  document.member("id", *issued.user_id);
  if (issued.user && issued.user->email) {
    document.member("email", *issued.user->email);
    document.member("email_verified", issued.user->email_verified_at.has_value());
  }
  return document.take();
}

}  // namespace

NewTokens make_tokens(const store::Client& client, const Claim& claim) {
  using crypto::TokenKind;
  const bool with_refresh = claim.rotation || (is_refreshed(client, claim) && !claim.refresh_token);
  if (!with_refresh) return {make_token(TokenKind::access), std::nullopt};
  std::vector<std::string> secrets = crypto::make_token_strings({TokenKind::access, TokenKind::refresh});
  return {make_token(TokenKind::access, std::move(secrets[0])),
          make_token(TokenKind::refresh, std::move(secrets[1]))};
}

Issued issue(const Context& context, db::Connection& connection, const ClientClaim& client_claim,
             const store::Client& client, const Claim& claim, const NewTokens& made) {
  Issued issued;
  const store::Token access = new_access_token(context, client, claim, made.access, issued);
  if (!store::insert_token_of_live_client(connection, access, secret_hash_of(client_claim)))
    throw Error(invalid_client, "the client is no longer who it proved to be");
  // Not both in one statement: SQLite copies every page before a statement that inserts two rows.
  if (const auto refresh = new_refresh_token(context, client, claim, made, issued))
    store::insert_token(connection, *refresh);
  issued.user_id = claim.user_id;
  issued.user = claim.user ? claim.user : find_shown_user(connection, claim);
  return issued;
}

Issued issue_implicit(const Context& context, db::Connection& connection, const store::Client& client,
                      const Claim& claim) {
  Issued issued;
  store::insert_token(
      connection, new_access_token(context, client, claim, make_token(crypto::TokenKind::access), issued));
  return issued;
}

std::optional<store::User> find_shown_user(db::Connection& connection, const Claim& claim) {
  if (!claim.user_id || !covers(claim.scope, {"user:email"})) return std::nullopt;
  return store::find_user(connection, *claim.user_id);
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
  if (issued.user_id) document.raw("user", user_document(issued));
  return document.take();
}

}  // namespace oauth2::protocol
