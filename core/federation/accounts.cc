#include "core/federation/accounts.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/admin/error.h"
#include "core/admin/reference.h"
#include "core/admin/users.h"
#include "core/federation/providers.h"

namespace oauth2::federation {
namespace {

using store::RemoteAccount;

RemoteAccount require_account(db::Connection& connection, std::string_view ref) {
  if (auto account = store::find_remote_account(connection, ref)) return std::move(*account);
  return admin::only_one(ref.size() < admin::shortest_id_prefix
                             ? std::vector<RemoteAccount>()
                             : store::list_remote_accounts_by_id_prefix(connection, ref),
                         "account", ref);
}

void unlink(db::Connection& connection, const admin::Context& context, const RemoteAccount& account) {
  store::delete_remote_account(connection, account.id);
  admin::record(connection, context, "remote_account.unlink", "remote_account:" + account.id);
}

}  // namespace

std::vector<RemoteAccount> list_accounts(const admin::Context& context, const AccountQuery& query) {
  return context.db.read([&](db::Connection& connection) {
    store::RemoteAccountFilter filter;
    if (query.user) filter.user_id = admin::require_user(connection, *query.user).id;
    if (query.provider) filter.provider = require_provider(connection, *query.provider).name;
    return store::list_remote_accounts(connection, filter);
  });
}

RemoteAccount require_account(const admin::Context& context, std::string_view ref) {
  return context.db.read([&](db::Connection& connection) { return require_account(connection, ref); });
}

bool is_last_way_in(db::Connection& connection, const Settings& settings, const RemoteAccount& account) {
  if (account.link_only) return false;  // it never was a way in
  const auto user = store::find_user(connection, account.user_id);
  if (!user || (user->password_hash && settings.local_sign_in)) return false;
  store::RemoteAccountFilter filter;
  filter.user_id = account.user_id;
  const auto all = store::list_remote_accounts(connection, filter);
  return std::none_of(all.begin(), all.end(),
                      [&](const RemoteAccount& other) { return other.id != account.id && other.signs_in; });
}

bool is_last_way_in(const admin::Context& context, const RemoteAccount& account) {
  return context.db.read(
      [&](db::Connection& connection) { return is_last_way_in(connection, context.settings, account); });
}

RemoteAccount unlink_account(const admin::Context& context, std::string_view ref) {
  return context.db.write([&](db::Connection& connection) {
    RemoteAccount account = require_account(connection, ref);
    unlink(connection, context, account);
    return account;
  });
}

RemoteAccount unlink_own_account(const admin::Context& context, std::string_view user_id,
                                 std::string_view provider) {
  return context.db.write([&](db::Connection& connection) {
    auto account = store::find_remote_account_of_user(connection, user_id, provider);
    if (!account) admin::refuse_unknown("account", provider);
    if (is_last_way_in(connection, context.settings, *account)) {
      throw admin::Refused(fmt::format("the account of provider {} is the last way in for user {}",
                                       account->provider, account->user_username),
                           "a password, or an account of another provider, comes first",
                           {"", "last_way_in", {}});
    }
    unlink(connection, context, *account);
    return std::move(*account);
  });
}

}  // namespace oauth2::federation
