#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/account/form.h"
#include "core/protocol/authorize.h"
#include "core/store/clients.h"
#include "core/store/consents.h"

// What a user allowed clients: the grants of core/admin/grants.h. Client name, scope, since when, last use
// and number of live tokens are members of the consent.
namespace oauth2::account {

Listing<store::Consent> list_authorized_applications(const Context& context, const std::string& user_id,
                                                     const store::Page& page);  // newest first

struct AuthorizedApplication {
  store::Consent consent;
  store::Client client;
  std::vector<protocol::ConsentScope> scopes;  // allowed_scope, as it was asked for; none that is internal
};
std::optional<AuthorizedApplication> find_authorized_application(const Context& context,
                                                                 const std::string& user_id,
                                                                 std::string_view id);
// Takes the consent and all that the client holds for this user; answers what it was. Throws admin::NotFound,
// a second time too.
store::Consent revoke_authorized_application(const Context& context, const std::string& user_id,
                                             std::string_view id);

}  // namespace oauth2::account
