#include "core/federation/rewrap.h"

#include "core/admin/error.h"
#include "core/federation/remote_tokens.h"
#include "core/store/providers.h"
#include "core/store/remote_accounts.h"

namespace oauth2::federation {
namespace {

template <class Open>
bool opens(Open&& open, const ServerKey& key) {
  try {
    open(key);
    return true;
  } catch (const CannotOpen&) {
    return false;
  }
}

// What `open` finds with the key of before; nullopt where the present one opens it.
template <class Open>
auto opened_with_old(Open&& open, const ServerKey& now, const std::optional<ServerKey>& before)
    -> std::optional<decltype(open(now))> {
  if (opens(open, now)) return std::nullopt;
  try {
    return open(before.value_or(now));
  } catch (const CannotOpen& error) {
    throw admin::Refused(error.what(),
                         "'oauth2ctl key rewrap --old-key-from SOURCE' with the server's key of that time");
  }
}

}  // namespace

Rewrapped rewrap_secrets(db::Connection& connection, const admin::Context& context, const ServerKey& now,
                         const std::optional<ServerKey>& before) {
  Rewrapped done;
  for (store::Provider& provider : store::list_providers(connection)) {
    const auto open = [&](const ServerKey& key) { return open_provider_secret(key, provider); };
    const auto secret = opened_with_old(open, now, before);
    if (!secret) continue;
    provider.secret_sealed = seal_provider_secret(now, provider.name, *secret);
    store::update_provider(connection, provider);
    admin::record(connection, context, "provider.rewrap", "provider:" + provider.name);
    ++done.provider_secrets;
  }
  for (const store::RemoteAccount& account : store::list_remote_accounts(connection, {})) {
    if (!account.tokens_sealed) continue;
    const auto open = [&](const ServerKey& key) {
      return open_tokens(key, account.provider, account.subject, *account.tokens_sealed, account.expires_at);
    };
    const auto tokens = opened_with_old(open, now, before);
    if (!tokens) continue;
    store::update_remote_tokens(connection, account.id, account.tokens_sealed,
                                seal_tokens(now, account.provider, account.subject, *tokens),
                                account.expires_at);
    admin::record(connection, context, "remote_account.rewrap", "remote_account:" + account.id);
    ++done.account_tokens;
  }
  return done;
}

}  // namespace oauth2::federation
