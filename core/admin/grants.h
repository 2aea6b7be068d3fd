#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/admin/context.h"
#include "core/admin/reference.h"
#include "core/store/consents.h"

// What users allowed clients: a consent and the tokens under it. `ref` is the exact id, else an id prefix of
// 6 characters or more.
namespace oauth2::admin {

struct GrantQuery {
  std::optional<std::string> user;  // refs; where both are given, both must fit
  std::optional<std::string> client;
};
std::vector<store::Consent> list_grants(const Context& context, const GrantQuery& query);
std::int64_t count_grants(const Context& context, const GrantQuery& query);
store::Consent require_grant(const Context& context, std::string_view ref);

struct GrantResult {
  std::string id;
  std::optional<store::Consent> grant;  // as it was; absent when it was revoked before
  bool changed = false;
};
// Deletes the consent and the codes (a device's too) that wait to be redeemed, and revokes the client's
// tokens for the user, all in one transaction. The exact id of a grant that was revoked before is fine: not
// changed; but to a user it is not there.
GrantResult revoke_grant(const Context& context, const Ref& ref);
// Every one that fits, as they were. Many are revoked in several transactions, each grant in one.
std::vector<store::Consent> revoke_grants(const Context& context, const GrantQuery& query);

}  // namespace oauth2::admin
