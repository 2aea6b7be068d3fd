#include "core/crypto/time_code.h"
#include "core/protocol/audience.h"
#include "core/protocol/grant.h"
#include "core/protocol/user_auth.h"
#include "core/store/users.h"

namespace oauth2::protocol {
namespace {

Claim check(const Context& context, db::Connection& connection, const store::Client& client,
            const Params& form, const Presented&) {
  form.require("username");
  form.require("password");
  Claim claim;
  claim.scope = granted_scope(connection, client, form.find("scope"));
  claim.audience = requested_audience(client, form, context.settings.issuer);
  claim.refresh_audience = claim.audience;
  claim.family_id = crypto::ordered_id();
  return claim;
}

// A failure that makes the next one wait is answered as that wait is: a client sees one of its own limits.
store::User authenticate(const Context& context, const Params& form) try {
  return authenticate_user(context, form.require("username"), form.require("password"));
} catch (const Error& error) {
  if (error.code.name != invalid_grant.name || !error.retry_after) throw;
  throw Error(too_many_requests, error.what(), error.retry_after);
}

void prove(const Context& context, const Params& form, const NewTokens&, Claim& claim) {
  const store::User user = authenticate(context, form);
  claim.user_id = user.id;
  claim.password_hash = user.password_hash;
}

// Judging the password took a while: meanwhile the user may have been disabled, or have got another one.
Redeemed redeem(const Context&, db::Connection& connection, const store::Client& client, const Params& form,
                const Claim& claimed) {
  const auto user = store::find_user(connection, *claimed.user_id);
  if (!user || user->disabled_at || user->password_hash != claimed.password_hash)
    throw Error(invalid_grant, "the user is no longer who they proved to be");
  Claim claim = claimed;
  claim.scope = granted_scope(connection, client, form.find("scope"));
  return claim;
}

}  // namespace

// RFC 6749 section 4.3.
extern const Grant password_grant;
const Grant password_grant = {
    "password", /*confidential_only=*/true, &Settings::password_grant, /*find=*/nullptr, check, prove,
    redeem};

}  // namespace oauth2::protocol
