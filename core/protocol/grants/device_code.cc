#include "core/crypto/hash.h"
#include "core/crypto/time_code.h"
#include "core/crypto/token_string.h"
#include "core/protocol/audience.h"
#include "core/protocol/device.h"
#include "core/protocol/grant.h"
#include "core/store/device_codes.h"
#include "core/text.h"

namespace oauth2::protocol {
namespace {

constexpr std::int64_t slow_down_seconds = 5;  // RFC 8628 section 3.5

store::DeviceCode require_own_code(db::Connection& connection, const store::Client& client,
                                   const Params& form) {
  const std::string code_string = form.require("device_code");
  if (crypto::inspect_token_string(code_string) != crypto::TokenKind::device_code)
    throw Error(invalid_grant, "device_code is none of ours");
  const auto code = store::find_device_code(connection, crypto::sha256_base64url(code_string));
  if (!code) throw Error(invalid_grant, "device_code is unknown");
  if (code->client_id != client.id) throw Error(invalid_grant, "device_code is another client's");
  return *code;
}

struct Judged {
  store::DeviceCode code;
  Claim claim;  // empty while nobody has decided
};

Judged judge(const Context& context, db::Connection& connection, const store::Client& client,
             const Params& form) {
  Judged judged{require_own_code(connection, client, form), {}};
  const store::DeviceCode& code = judged.code;
  if (code.redeemed_at) throw Error(invalid_grant, "device_code was redeemed before");
  if (code.denied_at) throw Error(access_denied, "the user denied the request");
  if (code.expires_at <= context.now) throw Error(expired_token, "device_code has expired");
  auto audience = narrowed_audience(client, code.audience, form, context.settings.issuer);
  if (!code.approved_at) return judged;
  if (code.user_disabled) throw Error(invalid_grant, "the user is disabled");
  judged.claim.scope = remaining_scope(connection, client, text::words(code.scope));
  judged.claim.user_id = code.user_id;
  judged.claim.audience = std::move(audience);
  judged.claim.refresh_audience = code.audience;
  judged.claim.family_id = crypto::ordered_id();
  return judged;
}

Claim check(const Context& context, db::Connection& connection, const store::Client& client,
            const Params& form, const Presented&) {
  return judge(context, connection, client, form).claim;
}

// RFC 8628 section 3.5: one who polls too fast has to wait longer from then on, even when this answer is
// lost.
Error note_poll(const Context& context, db::Connection& connection, const store::DeviceCode& code) {
  if (store::note_device_poll(connection, code.device_code_hash, context.now))
    return {authorization_pending, "nobody has decided yet"};
  store::slow_device_polls(connection, code.device_code_hash, context.now, slow_down_seconds);
  return {slow_down, "the polls come too fast: wait 5 seconds longer between them"};
}

Redeemed redeem(const Context& context, db::Connection& connection, const store::Client& client,
                const Params& form, const Claim&) {
  const Judged judged = judge(context, connection, client, form);
  if (!judged.code.approved_at) return note_poll(context, connection, judged.code);
  // No revocation when it was redeemed before: a device may well poll twice at once.
  if (!store::redeem_device_code(connection, judged.code.device_code_hash, context.now))
    throw Error(invalid_grant, "device_code was redeemed before");
  return judged.claim;
}

}  // namespace

// RFC 8628 section 3.4.
extern const Grant device_code_grant;
const Grant device_code_grant = {device_code_grant_type,
                                 /*confidential_only=*/false,
                                 /*setting=*/nullptr,
                                 /*find=*/nullptr,
                                 check,
                                 /*prove=*/nullptr,
                                 redeem};

}  // namespace oauth2::protocol
