#include "core/federation/account_token.h"

#include <fmt/format.h>

#include "core/federation/accounts.h"
#include "core/federation/failure.h"
#include "core/federation/providers.h"
#include "core/federation/remote_tokens.h"

namespace oauth2::federation {
namespace {

using store::RemoteAccount;

constexpr std::int64_t margin_seconds = 60;  // a token that ends sooner is no use to who gets it

RemoteTokens tokens_of(const ServerKey& key, const RemoteAccount& account) {
  if (!account.tokens_sealed) {
    throw NoUsableToken(
        fmt::format("there is no token of the account {} at {}", account.id, account.provider),
        "the user connects it anew on the page of linked accounts");
  }
  return open_tokens(key, account.provider, account.subject, *account.tokens_sealed, account.expires_at);
}

bool ends_soon(const RemoteTokens& tokens, std::int64_t now) {
  return tokens.expires_at && *tokens.expires_at <= now + margin_seconds;
}

void record_use(db::Connection& connection, const admin::Context& context, const RemoteAccount& account) {
  admin::record(connection, context, "remote_account.token", "remote_account:" + account.id);
}

// Stores what was refreshed, unless somebody else was faster: then theirs counts, since a provider that
// rotates refresh tokens takes only the last.
AccountToken keep(const admin::Context& context, const ServerKey& key, const RemoteAccount& before,
                  const RemoteTokens& tokens) {
  const std::string sealed = seal_tokens(key, before.provider, before.subject, tokens);
  return context.db.write([&](db::Connection& connection) -> AccountToken {
    const bool kept =
        store::update_remote_tokens(connection, before.id, before.tokens_sealed, sealed, tokens.expires_at);
    const auto after = store::find_remote_account(connection, before.id);
    if (!after) throw admin::NotFound(fmt::format("the account {} was unlinked meanwhile", before.id));
    record_use(connection, context, *after);
    return {*after, tokens_of(key, *after), kept};
  });
}

AccountToken refreshed(const admin::Context& context, const ServerKey& key, const RemoteAccount& before,
                       const store::Provider& provider, const RemoteTokens& tokens) {
  RemoteCache cache;
  const Outside outside{key, cache};
  try {
    return keep(context, key, before, refresh(outside, provider, tokens, context.now));
  } catch (const Failure& failure) {
    if (failure.kind != FailureKind::token_refused) throw;
    // Perhaps because another one refreshed it just now.
    const RemoteAccount after = require_account(context, before.id);
    if (after.tokens_sealed == before.tokens_sealed) throw;
    context.db.write([&](db::Connection& connection) { record_use(connection, context, after); });
    return {after, tokens_of(key, after), false};
  }
}

}  // namespace

AccountToken fresh_account_token(const admin::Context& context, std::string_view ref) {
  const RemoteAccount account = require_account(context, ref);
  const store::Provider provider = require_provider(context, account.provider);
  if (!provider.is_enabled())
    throw admin::Refused(fmt::format("provider {} is disabled", provider.name),
                         "oauth2ctl provider enable " + provider.name);
  const ServerKey key = require_server_key(context.settings, context.db);
  const RemoteTokens tokens = tokens_of(key, account);
  if (ends_soon(tokens, context.now) && tokens.refresh_token) {
    if (context.db.dry_run()) return {account, tokens, true};
    return refreshed(context, key, account, provider, tokens);
  }
  if (tokens.expires_at && *tokens.expires_at <= context.now) {
    throw NoUsableToken(
        fmt::format("the token of the account {} at {} has ended, and there is none to refresh "
                    "it with",
                    account.id, account.provider),
        "the user connects it anew on the page of linked accounts");
  }
  context.db.write([&](db::Connection& connection) { record_use(connection, context, account); });
  return {account, tokens, false};
}

}  // namespace oauth2::federation
