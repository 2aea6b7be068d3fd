#include "core/protocol/revoke.h"

#include "core/crypto/token_string.h"
#include "core/protocol/error.h"
#include "core/protocol/token_document.h"

namespace oauth2::protocol {
namespace {

// Who asks; absent for the holder of a personal token, who needs no client.
std::optional<store::Client> requester(const Context& context, db::Connection& connection,
                                       const ClientClaim& claim, const std::string& token_string) {
  const bool personal = crypto::inspect_token_string(token_string) == crypto::TokenKind::personal;
  if (claim.method == ClientClaim::Method::absent && personal) return std::nullopt;
  return authenticate_client(context, connection, claim);
}

void revoke_stored(const Context& context, const store::Token& token, const std::string& actor) {
  context.db.write([&](db::Connection& connection) {
    if (store::revoke_token_with_family(connection, token, context.now) == 0) return;
    record(connection, context, actor, "token.revoke", "token:" + token.id);
  });
}

struct Asked {
  std::optional<store::Client> client;
  std::optional<store::Token> token;
};

}  // namespace

Answer revoke(const Context& context, const Params& form, const std::optional<std::string>& authorization) {
  const ClientClaim claim = read_client_claim(authorization, form);
  const std::string token_string = form.find("token").value_or("");
  const Asked asked = context.db.read_latest([&](db::Connection& connection) -> Asked {
    auto client = requester(context, connection, claim, token_string);
    return {std::move(client), find_token(connection, token_string)};
  });
  if (token_string.empty()) throw Error(invalid_request, "token is missing");
  if (!asked.token) return {"{}"};
  const store::Token& token = *asked.token;
  if (token.client_id && (!asked.client || asked.client->id != *token.client_id)) {
    throw Error(invalid_grant, "the token is another client's");
  }
  if (!token.revoked_at) {
    const std::string actor =
        asked.client ? "client:" + asked.client->id : "user:" + token.user_id.value_or("");
    revoke_stored(context, token, actor);
  }
  return {"{}"};
}

}  // namespace oauth2::protocol
