#include "core/protocol/token.h"

#include <variant>

#include "core/protocol/error.h"
#include "core/protocol/grant.h"
#include "core/protocol/issue.h"

namespace oauth2::protocol {
namespace {

const Grant& require_grant(const Context& context, const Params& form) {
  const Grant* grant = find_grant(form.require("grant_type"));
  if (!grant || !grant->is_offered(context.settings))
    throw Error(unsupported_grant_type, "grant_type is not one that this server supports");
  return *grant;
}

void require_allowed(const store::Client& client, const Grant& grant) {
  if (!client.has_grant(grant.type)) {
    throw Error(unauthorized_client, "the client is not registered for this grant_type");
  }
  if (grant.confidential_only && client.is_public()) {
    throw Error(unauthorized_client, "this grant_type is for confidential clients");
  }
}

// Its credentials, and with them what the form presents.
std::optional<store::ClientCredentials> find_client(const Context& context, db::Connection& connection,
                                                    const std::string& client_id, const Grant& grant,
                                                    const Params& form, Presented& presented) {
  if (grant.find) return grant.find(context, connection, client_id, form, presented);
  return store::find_client_credentials(connection, client_id, context.now);
}

struct Checked {
  store::Client client;
  Claim claim;
};

}  // namespace

Answer token(const Context& context, const Params& form, const std::optional<std::string>& authorization) {
  const ClientClaim client_claim = read_client_claim(authorization, form);
  const Grant& grant = require_grant(context, form);
  Checked checked = context.db.read_latest([&](db::Connection& connection) {
    Presented presented;
    store::Client client = authenticate_client(context, client_claim, [&] {
      return find_client(context, connection, client_claim.client_id, grant, form, presented);
    });
    spend_limit(context, context.limits.token, client.id, "too many token requests");
    require_allowed(client, grant);
    Claim claim = grant.check(context, connection, client, form, presented);
    claim.user = find_shown_user(connection, claim);
    return Checked{std::move(client), std::move(claim)};
  });
  NewTokens made = make_tokens(checked.client, checked.claim);
  if (grant.prove) grant.prove(context, form, made, checked.claim);
  sign_tokens(context, checked.client, checked.claim, made);
  // Without anything to use up there is only one row to insert, which may happen beside others.
  const auto beside = grant.redeem ? db::Beside::nobody : db::Beside::others;
  const auto act = [&](db::Connection& connection) -> std::variant<Issued, Error> {
    if (!grant.redeem) return issue(context, connection, client_claim, checked.client, checked.claim, made);
    const Redeemed redeemed = grant.redeem(context, connection, checked.client, form, checked.claim);
    if (const auto* refusal = std::get_if<Error>(&redeemed)) return *refusal;
    const Claim* other = std::get_if<Claim>(&redeemed);
    return issue(context, connection, client_claim, checked.client, other ? *other : checked.claim, made);
  };
  const auto outcome = context.db.write(act, beside);
  // Out here, where what it revoked is durable: a refusal never undoes its own consequence.
  if (const auto* refusal = std::get_if<Error>(&outcome)) throw *refusal;
  return {token_response(std::get<Issued>(outcome))};
}

}  // namespace oauth2::protocol
