#include "core/protocol/audience.h"
#include "core/protocol/grant.h"

namespace oauth2::protocol {

// RFC 6749 section 4.4: the client speaks for itself; no refresh token.
static Claim check(const Context& context, db::Connection& connection, const store::Client& client,
                   const Params& form, const Presented&) {
  Claim claim;
  claim.scope = granted_scope(connection, client, form.find("scope"));
  claim.audience = requested_audience(client, form, context.settings.issuer);
  return claim;
}

extern const Grant client_credentials_grant;
const Grant client_credentials_grant = {"client_credentials", /*confidential_only=*/true,
                                        /*setting=*/nullptr,  /*find=*/nullptr,           check,
                                        /*prove=*/nullptr,
                                        /*redeem=*/nullptr};

}  // namespace oauth2::protocol
