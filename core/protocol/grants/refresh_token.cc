#include "core/crypto/hash.h"
#include "core/crypto/seal.h"
#include "core/crypto/token_string.h"
#include "core/protocol/audience.h"
#include "core/protocol/grant.h"
#include "core/protocol/issue.h"
#include "core/protocol/scope.h"
#include "core/protocol/token_document.h"
#include "core/store/token_request.h"
#include "core/text.h"

namespace oauth2::protocol {
namespace {

// How long after its rotation a token still gets its successor: the answer may not have arrived.
constexpr std::int64_t retry_seconds = 10;

// Only whoever presents the token can read its successor: the database holds the token's hash alone.
std::string sealing_key(std::string_view presented) {
  return crypto::sha256("successor of a refresh token\n" + std::string(presented));
}

struct Successor {
  std::string secret;
  store::Token token;
};

// Of a token rotated a moment ago whose successor nobody has used.
std::optional<Successor> find_successor_for_retry(const Context& context, db::Connection& connection,
                                                  const store::Token& token, std::string_view presented) {
  if (!token.rotated_at || !token.successor_sealed) return std::nullopt;
  if (context.now - *token.rotated_at > retry_seconds) return std::nullopt;
  auto secret = crypto::open(sealing_key(presented), *token.successor_sealed, token.id);
  if (!secret) return std::nullopt;
  auto successor = find_token(connection, *secret);
  if (!successor || successor->rotated_at) return std::nullopt;
  return Successor{std::move(*secret), std::move(*successor)};
}

// RFC 6749 section 6: what is asked for must lie in what the user allowed.
std::vector<std::string> narrowed_scope(const std::vector<std::string>& original,
                                        const std::optional<std::string>& requested) {
  if (!requested) return original;
  auto scope = parse_scope(*requested);
  if (!scope) throw Error(invalid_scope, "scope is malformed");
  if (!covers(original, *scope))
    throw Error(invalid_scope, "scope has one that the refresh token does not have");
  return std::move(*scope);
}

struct Judged {
  store::Token token;
  Claim claim;  // with a refresh token: the answer to a retry; empty of a token that is used again
};

Judged judge(const Context& context, db::Connection& connection, const store::Client& client,
             const Params& form, const std::optional<store::Token>& token) {
  const std::string presented = form.require("refresh_token");
  if (!token || token->kind != "refresh") throw Error(invalid_grant, "refresh_token is unknown");
  if (token->client_id != client.id) throw Error(invalid_grant, "refresh_token is another client's");
  if (token->revoked_at) throw Error(invalid_grant, "refresh_token is revoked");
  const auto successor = find_successor_for_retry(context, connection, *token, presented);
  // Whatever else became of it: reuse is reuse, and redeem() answers it.
  if (token->rotated_at && !successor) return {*token, {}};
  if (!(successor ? successor->token : *token).is_active(context.now))
    throw Error(invalid_grant, "refresh_token has expired, or its user is disabled");

  Claim claim;
  claim.scope =
      remaining_scope(connection, client, narrowed_scope(text::words(token->scope), form.find("scope")));
  claim.user_id = token->user_id;
  claim.audience = narrowed_audience(client, token->audience, form, context.settings.issuer);
  claim.family_id = token->family_id;
  if (successor) claim.refresh_token = successor->secret;
  return {*token, std::move(claim)};
}

std::optional<store::ClientCredentials> find(const Context& context, db::Connection& connection,
                                             const std::string& client_id, const Params& form,
                                             Presented& presented) {
  const TokenKey key = token_key_of(form.find("refresh_token").value_or(""));
  auto found = store::find_client_and_refresh_token(connection, client_id, key.id, context.now);
  if (!found) return std::nullopt;
  presented.refresh_token = settle_token(connection, std::move(found->token), key);
  return std::move(found->credentials);
}

Claim check(const Context& context, db::Connection& connection, const store::Client& client,
            const Params& form, const Presented& presented) {
  Judged judged = judge(context, connection, client, form, presented.refresh_token);
  const store::Token& token = judged.token;
  if (!token.rotated_at) {
    const std::int64_t ttl = token.lifetime.value_or(refresh_token_ttl(context, client));
    judged.claim.rotation = Rotation{token, "", token.created_at + ttl};
  }
  return std::move(judged.claim);
}

void prove(const Context&, const Params& form, const NewTokens& made, Claim& claim) {
  if (!claim.rotation) return;
  claim.rotation->successor_sealed = crypto::seal(sealing_key(form.require("refresh_token")),
                                                  made.refresh->secret, claim.rotation->token.id);
}

Redeemed redeem(const Context& context, db::Connection& connection, const store::Client& client,
                const Params& form, const Claim& claimed) {
  const auto& rotation = claimed.rotation;
  if (rotation &&
      store::rotate_refresh_token(connection, rotation->token.id, context.now, rotation->successor_sealed))
    return AsClaimed();
  const auto found = find_token(connection, form.require("refresh_token"));
  const Judged judged = judge(context, connection, client, form, found);
  const store::Token& token = judged.token;
  if (judged.claim.refresh_token) return judged.claim;
  // RFC 9700 section 4.14.2: two hold the token, and nobody knows which one is the client.
  if (store::revoke_token_with_family(connection, token, context.now) > 0)
    record(connection, context, "client:" + client.id, "token.reuse", "token:" + token.id);
  return Error(invalid_grant, "refresh_token was used before");
}

}  // namespace

// RFC 6749 section 6.
extern const Grant refresh_token_grant;
const Grant refresh_token_grant = {"refresh_token",
                                   /*confidential_only=*/false,
                                   /*setting=*/nullptr,
                                   find,
                                   check,
                                   prove,
                                   redeem};

}  // namespace oauth2::protocol
