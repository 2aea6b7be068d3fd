#include "core/crypto/hash.h"
#include "core/crypto/token_string.h"
#include "core/protocol/audience.h"
#include "core/protocol/grant.h"
#include "core/protocol/pkce.h"
#include "core/store/codes.h"
#include "core/store/token_request.h"
#include "core/store/tokens.h"
#include "core/text.h"

namespace oauth2::protocol {
namespace {

using store::AuthorizationCode;

// RFC 7636 section 4.6, and RFC 9700 section 2.1.1: a verifier for a code that was asked for without a
// challenge means that somebody took the challenge out of the request.
void require_verifier(const store::Client& client, const AuthorizationCode& code, const Params& form) {
  const auto code_verifier = form.find("code_verifier");
  if (!code.code_challenge) {
    if (client.is_public()) throw Error(invalid_grant, "a public client's code has no code_challenge");
    if (code_verifier) throw Error(invalid_grant, "code_verifier without a code_challenge");
    return;
  }
  if (!code_verifier) throw Error(invalid_grant, "code_verifier is missing");
  if (!code_verifier_matches(*code_verifier, *code.code_challenge))
    throw Error(invalid_grant, "code_verifier does not match");
}

bool is_ours(std::string_view code_string) {
  return crypto::inspect_token_string(code_string) == crypto::TokenKind::authorization_code;
}

// "" for a code that cannot be ours.
std::string code_hash_of(const Params& form) {
  const auto code_string = form.find("code");
  return code_string && is_ours(*code_string) ? crypto::sha256_base64url(*code_string) : "";
}

// Sent then, the same now; not sent then, not sent now (RFC 6749 section 4.1.3).
void require_same_redirect_uri(const AuthorizationCode& code, const Params& form) {
  const auto sent = form.find("redirect_uri");
  if (code.redirect_uri == sent) return;
  if (!sent) throw Error(invalid_grant, "redirect_uri is missing: the authorization request had it");
  throw Error(invalid_grant, code.redirect_uri ? "redirect_uri differs from the authorization request"
                                               : "redirect_uri was not in the authorization request");
}

// The code that the request proves to be its own; a redeemed or expired one too.
AuthorizationCode require_own_code(const store::Client& client, const Params& form,
                                   const std::optional<AuthorizationCode>& code) {
  if (!is_ours(form.require("code"))) throw Error(invalid_grant, "code is none of ours");
  if (!code) throw Error(invalid_grant, "code is unknown");
  if (code->client_id != client.id) throw Error(invalid_grant, "code is another client's");
  require_same_redirect_uri(*code, form);
  require_verifier(client, *code, form);
  return *code;
}

struct Judged {
  AuthorizationCode code;
  Claim claim;  // empty of a redeemed code, which gives nothing any more
};

Judged judge(const Context& context, db::Connection& connection, const store::Client& client,
             const Params& form, const std::optional<AuthorizationCode>& found) {
  Judged judged{require_own_code(client, form, found), {}};
  const AuthorizationCode& code = judged.code;
  // Whatever else became of it: a replay is a replay, and redeem() answers it.
  if (code.redeemed_at) return judged;
  if (code.expires_at <= context.now) throw Error(invalid_grant, "code has expired");
  if (code.user_disabled) throw Error(invalid_grant, "the user is disabled");
  judged.claim.scope = remaining_scope(connection, client, text::words(code.scope));
  judged.claim.user_id = code.user_id;
  judged.claim.audience = narrowed_audience(client, code.audience, form, context.settings.issuer);
  judged.claim.refresh_audience = code.audience;
  judged.claim.family_id = code.family_id;
  judged.claim.code_hash = code.code_hash;
  return judged;
}

std::optional<store::ClientCredentials> find(const Context& context, db::Connection& connection,
                                             const std::string& client_id, const Params& form,
                                             Presented& presented) {
  auto found = store::find_client_and_code(connection, client_id, code_hash_of(form), context.now);
  if (!found) return std::nullopt;
  presented.code = std::move(found->code);
  return std::move(found->credentials);
}

Claim check(const Context& context, db::Connection& connection, const store::Client& client,
            const Params& form, const Presented& presented) {
  return judge(context, connection, client, form, presented.code).claim;
}

// Last, so that a stolen code without its verifier cannot burn it for its owner.
Redeemed redeem(const Context& context, db::Connection& connection, const store::Client& client,
                const Params& form, const Claim& claimed) {
  const auto& code_hash = claimed.code_hash;
  if (code_hash && store::redeem_authorization_code(connection, *code_hash, context.now)) return AsClaimed();
  const auto found = store::find_authorization_code(connection, code_hash_of(form));
  const Judged judged = judge(context, connection, client, form, found);
  // RFC 6749 section 4.1.2: two hold the code, and nobody knows which one is the client.
  if (store::revoke_token_family(connection, judged.code.family_id, context.now) > 0)
    record(connection, context, "client:" + client.id, "code.reuse", "client:" + client.id);
  return Error(invalid_grant, "code was redeemed before");
}

}  // namespace

// RFC 6749 section 4.1.3.
extern const Grant authorization_code_grant;
const Grant authorization_code_grant = {"authorization_code",
                                        /*confidential_only=*/false,
                                        /*setting=*/nullptr,         find,  check,
                                        /*prove=*/nullptr,           redeem};

}  // namespace oauth2::protocol
