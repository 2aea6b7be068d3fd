#include "core/crypto/hash.h"
#include "core/crypto/seal.h"
#include "core/crypto/token_string.h"
#include "core/protocol/grant.h"
#include "core/protocol/issue.h"
#include "core/protocol/scope.h"
#include "core/protocol/token_document.h"
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
  std::string presented;
  store::Token token;
  Claim claim;  // with a refresh token: the answer to a retry; empty of a token that is used again
};

Judged judge(const Context& context, db::Connection& connection, const store::Client& client,
             const Params& form) {
  const std::string presented = form.require("refresh_token");
  const auto token = find_token(connection, presented);
  if (!token || token->kind != "refresh") throw Error(invalid_grant, "refresh_token is unknown");
  if (token->client_id != client.id) throw Error(invalid_grant, "refresh_token is another client's");
  if (token->revoked_at) throw Error(invalid_grant, "refresh_token is revoked");
  const auto successor = find_successor_for_retry(context, connection, *token, presented);
  // Whatever else became of it: reuse is reuse, and redeem() answers it.
  if (token->rotated_at && !successor) return {presented, *token, {}};
  if (!(successor ? successor->token : *token).is_active(context.now))
    throw Error(invalid_grant, "refresh_token has expired, or its user is disabled");

  Claim claim;
  claim.scope =
      remaining_scope(connection, client, narrowed_scope(text::words(token->scope), form.find("scope")));
  claim.user_id = token->user_id;
  claim.audience = token->audience;
  claim.family_id = token->family_id;
  if (successor) claim.refresh_token = successor->secret;
  return {presented, *token, std::move(claim)};
}

// The successor is the same user's, for the same scope, however little of it this request asked for.
Rotation prepare_rotation(const Context& context, const store::Client& client, const Judged& judged) {
  const store::Token& token = judged.token;
  Rotation rotation;
  rotation.token_id = token.id;
  rotation.secret = crypto::make_token_string(crypto::TokenKind::refresh);
  rotation.sealed = crypto::seal(sealing_key(judged.presented), rotation.secret, token.id);
  const store::Token made = token_row(crypto::TokenKind::refresh, rotation.secret);
  rotation.successor = token;
  rotation.successor.id = made.id;
  rotation.successor.token_hash = made.token_hash;
  rotation.family_ends_at = token.created_at + token.lifetime.value_or(refresh_token_ttl(context, client));
  return rotation;
}

Claim check(const Context& context, db::Connection& connection, const store::Client& client,
            const Params& form) {
  Judged judged = judge(context, connection, client, form);
  const bool is_first_use = !judged.token.rotated_at;
  if (is_first_use) judged.claim.rotation = prepare_rotation(context, client, judged);
  return std::move(judged.claim);
}

Redeemed redeem(const Context& context, db::Connection& connection, const store::Client& client,
                const Params& form, const Claim& claimed) {
  const auto& rotation = claimed.rotation;
  if (rotation &&
      store::rotate_refresh_token(connection, rotation->token_id, context.now, rotation->sealed)) {
    insert_refresh_token(context, connection, rotation->successor, rotation->family_ends_at);
    Claim claim = claimed;
    claim.refresh_token = rotation->secret;
    return claim;
  }
  const Judged judged = judge(context, connection, client, form);
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
const Grant refresh_token_grant = {"refresh_token",     /*confidential_only=*/false,
                                   /*setting=*/nullptr, check,
                                   /*prove=*/nullptr,   redeem};

}  // namespace oauth2::protocol
