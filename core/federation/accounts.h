#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/admin/context.h"
#include "core/store/remote_accounts.h"

// Accounts elsewhere that are linked to users here. `ref` is the exact id, else an id prefix of 6 characters
// or more.
namespace oauth2::federation {

struct AccountQuery {
  std::optional<std::string> user;  // ref
  std::optional<std::string> provider;
};
std::vector<store::RemoteAccount> list_accounts(const admin::Context& context, const AccountQuery& query);
store::RemoteAccount require_account(const admin::Context& context, std::string_view ref);

// Whether nobody could sign in as its user any more without it: there is no password that counts, and no
// other account that signs in. One whose provider is disabled or hidden counts as the last too: it may come
// back, and nothing else would.
bool is_last_way_in(db::Connection& connection, const Settings& settings,
                    const store::RemoteAccount& account);
bool is_last_way_in(const admin::Context& context, const store::RemoteAccount& account);

// Both take its tokens along; sessions stay. They answer what it was.
store::RemoteAccount unlink_account(const admin::Context& context, std::string_view ref);
// What the user does: Refused where it is the last way in, with the Problem last_way_in; NotFound.
store::RemoteAccount unlink_own_account(const admin::Context& context, std::string_view user_id,
                                        std::string_view provider);

}  // namespace oauth2::federation
