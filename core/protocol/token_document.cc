#include "core/protocol/token_document.h"

#include <utility>

#include "core/crypto/base62.h"
#include "core/crypto/base64url.h"
#include "core/crypto/hash.h"
#include "core/json_text.h"
#include "core/protocol/audience.h"

namespace oauth2::protocol {

store::Token token_row(crypto::TokenKind kind, std::string_view token_string) {
  const std::string digest = crypto::sha256(token_string);
  store::Token token;
  token.id = crypto::token_id(kind, digest, token_string);
  token.token_hash = crypto::base64url(digest);
  token.kind = crypto::name(kind);
  return token;
}

// What our own JWTs begin their claims with (access_token_claims), read without judging anything: only the
// hash decides whether a token is one of ours. "" for other texts.
static std::string jti_of_jwt(std::string_view text) {
  constexpr std::string_view start = R"({"jti":")";
  constexpr std::size_t read_size = 44;  // in base64url, whole bytes: more than enough
  if (text.size() > longest_jwt) return "";
  const auto first = text.find('.');
  const auto last = text.rfind('.');
  if (first == text.npos || last - first <= read_size || text.find('.', first + 1) != last) return "";
  const auto claims = crypto::base64url_decode(text.substr(first + 1, read_size));
  if (!claims || !claims->starts_with(start)) return "";
  const std::string jti = claims->substr(start.size(), claims->find('"', start.size()) - start.size());
  // 22: of those made before schema 5.
  return (jti.size() == 23 || jti.size() == 22) && crypto::is_base62(jti) ? jti : "";
}

TokenKey token_key_of(std::string_view token_string) {
  if (std::string jti = jti_of_jwt(token_string); !jti.empty())
    return {std::move(jti), "", crypto::sha256_base64url(token_string)};
  const auto kind = crypto::inspect_token_string(token_string);
  if (kind != crypto::TokenKind::personal && kind != crypto::TokenKind::access &&
      kind != crypto::TokenKind::refresh) {
    return {};
  }
  const std::string digest = crypto::sha256(token_string);
  TokenKey key{crypto::token_id(*kind, digest, token_string), "", crypto::base64url(digest)};
  if (kind != crypto::TokenKind::personal) key.timeless_id = crypto::timeless_token_id(digest);
  return key;
}

std::optional<store::Token> settle_token(db::Connection& connection, std::optional<store::Token> row,
                                         const TokenKey& key) {
  if (!row && !key.timeless_id.empty()) row = store::find_token(connection, key.timeless_id);
  if (row && !crypto::equal_in_constant_time(row->token_hash, key.token_hash)) row.reset();
  return row;
}

std::optional<store::Token> find_token(db::Connection& connection, std::string_view token_string) {
  const TokenKey key = token_key_of(token_string);
  if (key.id.empty()) return std::nullopt;
  return settle_token(connection, store::find_token(connection, key.id), key);
}

void add_audience(JsonText& document, const store::Token& token, std::string_view issuer) {
  const auto uris = audience_uris(token.audience, issuer);
  uris.size() == 1 ? document.member("aud", uris.front()) : document.member("aud", uris);
}

std::string introspection_document(const store::Token* token, std::string_view issuer) {
  if (!token) return R"({"active":false})";
  JsonText document;
  document.member("active", true);
  document.member("scope", token->scope);
  if (token->client_id) document.member("client_id", *token->client_id);
  if (token->username) document.member("username", *token->username);
  document.member("token_type", "Bearer");
  if (token->expires_at) document.member("exp", *token->expires_at);
  document.member("iat", token->created_at);
  // Without a user the client speaks for itself (RFC 9068 section 2.2 gives `sub` the same meaning).
  document.member("sub", token->user_id ? *token->user_id : token->client_id.value_or(""));
  add_audience(document, *token, issuer);
  document.member("iss", issuer);
  document.member("jti", token->id);
  document.member("token_kind", token->kind);
  return document.take();
}

}  // namespace oauth2::protocol
