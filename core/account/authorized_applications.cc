#include "core/account/authorized_applications.h"

#include "core/admin/grants.h"
#include "core/text.h"

namespace oauth2::account {

Listing<store::Consent> list_authorized_applications(const Context& context, const std::string& user_id,
                                                     const store::Page& page) {
  return context.db.read([&](db::Connection& connection) -> Listing<store::Consent> {
    return {store::list_consents_of_user(connection, user_id, context.now, page),
            store::count_consents(connection, {user_id, std::nullopt})};
  });
}

std::optional<AuthorizedApplication> find_authorized_application(const Context& context,
                                                                 const std::string& user_id,
                                                                 std::string_view id) {
  return context.db.read([&](db::Connection& connection) -> std::optional<AuthorizedApplication> {
    auto consent = store::find_consent_of_user(connection, user_id, id, context.now);
    if (!consent) return std::nullopt;
    auto client = store::find_client(connection, consent->client_id);
    auto scopes = protocol::consent_scopes(connection, text::words(consent->allowed_scope), user_id,
                                           consent->client_id);
    std::erase_if(scopes, [](const protocol::ConsentScope& each) { return each.scope.internal; });
    for (protocol::ConsentScope& each : scopes) each.is_new = false;  // it is allowed, remembered or not
    return AuthorizedApplication{std::move(*consent), std::move(client.value()), std::move(scopes)};
  });
}

store::Consent revoke_authorized_application(const Context& context, const std::string& user_id,
                                             std::string_view id) {
  return *admin::revoke_grant(acting(context, user_id), admin::Ref(id, user_id)).grant;
}

}  // namespace oauth2::account
