#include "core/protocol/introspect.h"

#include <algorithm>

#include "core/crypto/jwt.h"
#include "core/json_text.h"
#include "core/protocol/audience.h"
#include "core/protocol/error.h"
#include "core/protocol/token_document.h"
#include "core/store/introspection.h"

namespace oauth2::protocol {

namespace {

// RFC 9701 section 5. The audience is who asked: for anybody else the answer is not.
Answer signed_answer(const Context& context, const store::Client& client, std::string_view document) {
  const SigningKey key = require_signing_key(context, client.signing_alg.value_or("RS256"));
  JsonText claims;
  claims.member("iss", context.settings.issuer);
  claims.member("aud", client.id);
  claims.member("iat", context.now);
  claims.raw("token_introspection", document);
  return {crypto::sign_jwt(key.key, key.kid, "token-introspection+jwt", claims.take()), 200,
          introspection_jwt_type};
}

struct Found {
  store::Client client;
  std::string document;
};

}  // namespace

bool may_see(const store::Client& caller, const store::Token& token, std::string_view issuer) {
  if (token.client_id == caller.id) return true;
  if (token.kind == "refresh" || caller.introspect == "own") return false;
  if (has_audience(token, issuer, issuer)) return true;
  if (caller.audiences.empty()) return caller.introspect == "any";
  return std::any_of(caller.audiences.begin(), caller.audiences.end(),
                     [&](const std::string& uri) { return has_audience(token, uri, issuer); });
}

Answer introspect(const Context& context, const Params& form, const std::optional<std::string>& authorization,
                  bool is_signed) {
  const ClientClaim claim = read_client_claim(authorization, form);
  const std::string token_string = form.find("token").value_or("");
  const TokenKey key = token_key_of(token_string);
  Found found = context.db.read_latest([&](db::Connection& connection) -> Found {
    std::optional<store::Token> token;
    store::Client client =
        authenticate_confidential_client(context, claim, [&]() -> std::optional<store::ClientCredentials> {
          auto both = store::find_client_and_token(connection, claim.client_id, key.id, context.now);
          if (!both) return std::nullopt;
          token = settle_token(connection, std::move(both->token), key);
          return std::move(both->credentials);
        });
    spend_limit(context, context.limits.introspect, client.id, "too many introspection requests");
    if (token_string.empty()) throw Error(invalid_request, "token is missing");
    const bool visible =
        token && token->is_active(context.now) && may_see(client, *token, context.settings.issuer);
    if (visible) context.last_use.note(*token, context.now);
    return {std::move(client), introspection_document(visible ? &*token : nullptr, context.settings.issuer)};
  });
  if (is_signed) return signed_answer(context, found.client, found.document);
  return {std::move(found.document)};
}

}  // namespace oauth2::protocol
