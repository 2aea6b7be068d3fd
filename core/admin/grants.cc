#include "core/admin/grants.h"

#include <algorithm>

#include "core/admin/clients.h"
#include "core/admin/reference.h"
#include "core/admin/users.h"
#include "core/store/audit.h"
#include "core/store/codes.h"
#include "core/store/device_codes.h"
#include "core/store/tokens.h"

namespace oauth2::admin {
namespace {

constexpr std::size_t batch_grants = 50;  // with their tokens; the server's writes wait for one batch at most
constexpr std::string_view revoke_action = "grant.revoke";

std::string object_of(std::string_view id) { return "grant:" + std::string(id); }

store::Consent require_grant(db::Connection& connection, const Context& context, const Ref& ref) {
  auto grant = store::find_consent(connection, ref.text, context.now);
  if (ref.user_id) {
    if (!grant || grant->user_id != *ref.user_id) refuse_unknown("grant", ref.text);
    return *grant;
  }
  if (grant) return *grant;
  return only_one(ref.text.size() < shortest_id_prefix
                      ? std::vector<store::Consent>()
                      : store::list_consents_by_id_prefix(connection, ref.text, context.now),
                  "grant", ref.text);
}

store::ConsentFilter filter_of(db::Connection& connection, const GrantQuery& query) {
  store::ConsentFilter filter;
  if (query.user) filter.user_id = require_user(connection, *query.user).id;
  if (query.client) filter.client_id = require_client(connection, *query.client).id;
  return filter;
}

void revoke(db::Connection& connection, const Context& context, const store::Consent& grant) {
  store::delete_consent(connection, grant.id);
  store::delete_unredeemed_authorization_codes(connection, grant.user_id, grant.client_id);
  store::delete_unredeemed_device_codes(connection, grant.user_id, grant.client_id);
  store::revoke_tokens_of_grant(connection, grant.user_id, grant.client_id, context.now);
  record(connection, context, revoke_action, object_of(grant.id));
}

}  // namespace

std::vector<store::Consent> list_grants(const Context& context, const GrantQuery& query) {
  return context.db.read([&](db::Connection& connection) {
    return store::list_consents(connection, filter_of(connection, query), context.now);
  });
}

std::int64_t count_grants(const Context& context, const GrantQuery& query) {
  return context.db.read([&](db::Connection& connection) {
    return store::count_consents(connection, filter_of(connection, query));
  });
}

store::Consent require_grant(const Context& context, std::string_view ref) {
  return context.db.read([&](db::Connection& connection) { return require_grant(connection, context, ref); });
}

GrantResult revoke_grant(const Context& context, const Ref& ref) {
  return context.db.write([&](db::Connection& connection) -> GrantResult {
    // Its row is gone, so only the audit log knows that it was there.
    if (!ref.user_id && !store::find_consent(connection, ref.text, context.now) &&
        store::has_audit(connection, revoke_action, object_of(ref.text))) {
      return {std::string(ref.text), std::nullopt, false};
    }
    const store::Consent grant = require_grant(connection, context, ref);
    revoke(connection, context, grant);
    return {grant.id, grant, true};
  });
}

std::vector<store::Consent> revoke_grants(const Context& context, const GrantQuery& query) {
  const auto fitting = list_grants(context, query);
  std::vector<store::Consent> revoked;
  for (std::size_t start = 0; start < fitting.size(); start += batch_grants) {
    const std::size_t end = std::min(start + batch_grants, fitting.size());
    const auto batch = context.db.write([&](db::Connection& connection) {
      std::vector<store::Consent> changed;
      for (std::size_t i = start; i < end; ++i) {
        const auto grant = store::find_consent(connection, fitting[i].id, context.now);
        if (!grant) continue;  // another did meanwhile
        revoke(connection, context, *grant);
        changed.push_back(*grant);
      }
      return changed;
    });
    revoked.insert(revoked.end(), batch.begin(), batch.end());
  }
  return revoked;
}

}  // namespace oauth2::admin
