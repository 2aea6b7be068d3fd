#include "core/federation/account_token.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "core/federation/accounts.h"
#include "core/federation/failure.h"
#include "core/federation/providers.h"
#include "core/federation/remote_tokens.h"

namespace oauth2::federation {
namespace {

using std::chrono::steady_clock;
using store::RemoteAccount;

constexpr std::int64_t margin_seconds = 60;   // a token that ends sooner is no use to who gets it
constexpr std::int64_t refresh_seconds = 15;  // more than talking to a provider takes
constexpr std::int64_t wait_seconds = 30;     // for others who refresh the same
constexpr std::chrono::milliseconds between_looks{50};

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
    context.db.write([&](db::Connection& connection) { store::end_refresh(connection, before.id); });
    if (failure.kind != FailureKind::token_refused) throw;
    // Perhaps because a sign-in brought new ones just now.
    const RemoteAccount after = require_account(context, before.id);
    if (after.tokens_sealed == before.tokens_sealed) throw;
    context.db.write([&](db::Connection& connection) { record_use(connection, context, after); });
    return {after, tokens_of(key, after), false};
  }
}

// The account as it is once nobody else refreshes its tokens.
RemoteAccount alone_with(const admin::Context& context, const std::string& id) {
  for (const auto began = steady_clock::now();;) {
    const auto waited = std::chrono::duration_cast<std::chrono::seconds>(steady_clock::now() - began).count();
    const std::int64_t now = context.now + waited;
    const auto account = context.db.write([&](db::Connection& connection) {
      return store::begin_refresh(connection, id, now, now + refresh_seconds)
                 ? store::find_remote_account(connection, id)
                 : std::nullopt;
    });
    if (account) return *account;
    require_account(context, id);  // it may be gone
    if (waited >= wait_seconds) throw Failure(FailureKind::provider_down, "others are refreshing the token");
    std::this_thread::sleep_for(between_looks);
  }
}

// Of many at once one asks, and the others have what it was given.
AccountToken refreshed_alone(const admin::Context& context, const ServerKey& key, const std::string& id,
                             const store::Provider& provider) {
  const RemoteAccount account = alone_with(context, id);
  const RemoteTokens tokens = tokens_of(key, account);
  if (ends_soon(tokens, context.now)) return refreshed(context, key, account, provider, tokens);
  context.db.write([&](db::Connection& connection) {
    store::end_refresh(connection, id);
    record_use(connection, context, account);
  });
  return {account, tokens, false};
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
    return refreshed_alone(context, key, account.id, provider);
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
