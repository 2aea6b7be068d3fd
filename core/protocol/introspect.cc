#include "core/protocol/introspect.h"

#include <algorithm>

#include "core/protocol/audience.h"
#include "core/protocol/error.h"
#include "core/protocol/token_document.h"
#include "core/store/introspection.h"

namespace oauth2::protocol {

bool may_see(const store::Client& caller, const store::Token& token, std::string_view issuer) {
  if (token.client_id == caller.id) return true;
  if (token.kind == "refresh" || caller.introspect == "own") return false;
  if (has_audience(token, issuer, issuer)) return true;
  if (caller.audiences.empty()) return caller.introspect == "any";
  return std::any_of(caller.audiences.begin(), caller.audiences.end(),
                     [&](const std::string& uri) { return has_audience(token, uri, issuer); });
}

Answer introspect(const Context& context, const Params& form,
                  const std::optional<std::string>& authorization) {
  const ClientClaim claim = read_client_claim(authorization, form);
  const std::string token_string = form.find("token").value_or("");
  const TokenKey key = token_key_of(token_string);
  return context.db.read_latest([&](db::Connection& connection) -> Answer {
    std::optional<store::Token> token;
    const store::Client client =
        authenticate_confidential_client(context, claim, [&]() -> std::optional<store::ClientCredentials> {
          auto found = store::find_client_and_token(connection, claim.client_id, key.id, context.now);
          if (!found) return std::nullopt;
          token = std::move(found->token);
          return std::move(found->credentials);
        });
    spend_limit(context, context.limits.introspect, client.id, "too many introspection requests");
    if (token_string.empty()) throw Error(invalid_request, "token is missing");
    if (token && !is_token(*token, key)) token.reset();
    const bool visible =
        token && token->is_active(context.now) && may_see(client, *token, context.settings.issuer);
    if (visible) context.last_use.note(*token, context.now);
    return {introspection_document(visible ? &*token : nullptr, context.settings.issuer)};
  });
}

}  // namespace oauth2::protocol
