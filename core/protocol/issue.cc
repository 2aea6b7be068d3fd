#include "core/protocol/issue.h"

#include <algorithm>

#include "core/crypto/token_string.h"
#include "core/json_text.h"
#include "core/protocol/access_token.h"
#include "core/protocol/error.h"
#include "core/protocol/scope.h"
#include "core/protocol/token_document.h"
#include "core/store/signing_keys.h"
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

// `token` has its kind, id and hash, if it has them already.
store::Token row_of(const Context& context, const store::Client& client, const Claim& claim,
                    store::Token token) {
  token.client_id = client.id;
  token.user_id = claim.user_id;
  token.scope = text::join(claim.scope);
  token.audience = claim.audience;
  token.family_id = claim.family_id;
  token.created_at = context.now;
  return token;
}

std::int64_t access_token_ttl(const Context& context, const store::Client& client) {
  return client.access_token_ttl.value_or(context.settings.access_token_ttl);
}

store::Token access_row_of(const Context& context, const store::Client& client, const Claim& claim,
                           store::Token token) {
  token = row_of(context, client, claim, std::move(token));
  token.expires_at = context.now + access_token_ttl(context, client);
  return token;
}

// Of what a JWT says: that which another claim of the same client might say otherwise.
bool says_the_same(const store::Token& a, const store::Token& b) {
  return a.user_id == b.user_id && a.scope == b.scope && a.audience == b.audience &&
         a.expires_at == b.expires_at;
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
    store::Token first = row_of(context, client, claim, one.row);
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
                              const NewTokens& made, Issued& issued) {
  store::Token token = access_row_of(context, client, claim, made.access.row);
  issued.access_token = made.access.secret;
  if (made.key && !says_the_same(token, made.access.row)) {
    NewTokens::One again = sign_access_token(*made.key, std::move(token), context.settings.issuer);
    token = std::move(again.row);
    issued.access_token = std::move(again.secret);
  }
  issued.expires_in = access_token_ttl(context, client);
  issued.scope = token.scope;
  return token;
}

// Between signing and storing somebody may have retired the key, and with it all that it had signed.
void require_published(db::Connection& connection, const store::Token& token, std::int64_t now) {
  if (!token.signing_kid) return;
  const auto key = store::find_signing_key(connection, *token.signing_kid);
  if (!key || !key->is_published(now))
    throw Error(temporarily_unavailable, "the key that signed the token was retired", 1);
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
  NewTokens made;
  if (!with_refresh) {
    if (!client.has_jwts()) made.access = make_token(TokenKind::access);
  } else if (client.has_jwts()) {
    made.refresh = make_token(TokenKind::refresh);
  } else {
    std::vector<std::string> secrets = crypto::make_token_strings({TokenKind::access, TokenKind::refresh});
    made.access = make_token(TokenKind::access, std::move(secrets[0]));
    made.refresh = make_token(TokenKind::refresh, std::move(secrets[1]));
  }
  return made;
}

void sign_tokens(const Context& context, const store::Client& client, const Claim& claim, NewTokens& made) {
  if (!client.has_jwts()) return;
  made.key = require_signing_key(context, client.signing_alg);
  made.access =
      sign_access_token(*made.key, access_row_of(context, client, claim, {}), context.settings.issuer);
}

Issued issue(const Context& context, db::Connection& connection, const ClientClaim& client_claim,
             const store::Client& client, const Claim& claim, const NewTokens& made) {
  Issued issued;
  const store::Token access = new_access_token(context, client, claim, made, issued);
  if (!store::insert_token_of_live_client(connection, access, secret_hash_of(client_claim))) {
    // Which of the two it was is not known here: whoever asks again is told.
    if (access.signing_kid)
      throw Error(temporarily_unavailable, "the client, or the key that signed for it, is gone meanwhile", 1);
    throw Error(invalid_client, "the client is no longer who it proved to be");
  }
  // Not both in one statement: SQLite copies every page before a statement that inserts two rows.
  if (const auto refresh = new_refresh_token(context, client, claim, made, issued))
    store::insert_token(connection, *refresh);
  issued.user_id = claim.user_id;
  issued.user = claim.user ? claim.user : find_shown_user(connection, claim);
  return issued;
}

Issued issue_implicit(const Context& context, db::Connection& connection, const store::Client& client,
                      const Claim& claim, const NewTokens& made) {
  Issued issued;
  const store::Token access = new_access_token(context, client, claim, made, issued);
  require_published(connection, access, context.now);
  store::insert_token(connection, access);
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
