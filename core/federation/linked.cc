#include "core/federation/linked.h"

#include "core/crypto/random.h"
#include "core/federation/accounts.h"
#include "core/federation/remote_tokens.h"

namespace oauth2::federation {
namespace {

constexpr std::size_t id_size = 22;

std::optional<std::string> kept_refresh_token(const Context& context, const store::RemoteAccount& account) {
  if (!account.tokens_sealed) return std::nullopt;
  try {
    return open_tokens(context.outside.server_key, account.provider, account.subject, *account.tokens_sealed,
                       account.expires_at)
        .refresh_token;
  } catch (const CannotOpen&) {
    return std::nullopt;  // of another server's key: the new ones take their place
  }
}

std::string seal(const Context& context, const Newcomer& newcomer, const RemoteTokens& tokens) {
  return seal_tokens(context.outside.server_key, newcomer.provider, newcomer.identity.subject, tokens);
}

}  // namespace

void insert_link(db::Connection& connection, const Context& context, const Newcomer& newcomer,
                 const std::string& user_id) {
  store::RemoteAccount account;
  account.id = crypto::random_base62(id_size);
  account.provider = newcomer.provider;
  account.subject = newcomer.identity.subject;
  account.user_id = user_id;
  account.username = newcomer.identity.username;
  account.email = newcomer.identity.email;
  account.tokens_sealed = seal(context, newcomer, newcomer.tokens);
  account.expires_at = newcomer.tokens.expires_at;
  account.created_at = context.now;
  store::insert_remote_account(connection, account);
  record(connection, context, "user:" + user_id, "remote_account.link", "remote_account:" + account.id);
}

void update_link(db::Connection& connection, const Context& context, const store::RemoteAccount& account,
                 const Newcomer& newcomer) {
  RemoteTokens tokens = newcomer.tokens;
  if (!tokens.refresh_token) tokens.refresh_token = kept_refresh_token(context, account);
  store::update_remote_profile(connection, account.id, newcomer.identity.username, newcomer.identity.email);
  store::update_remote_tokens(connection, account.id, account.tokens_sealed, seal(context, newcomer, tokens),
                              tokens.expires_at);
}

bool has_linked(const protocol::Context& context, const std::string& user_id) {
  return context.db.read_latest(
      [&](db::Connection& connection) { return store::has_linkable_provider(connection, user_id); });
}

std::vector<LinkedProvider> list_linked(const protocol::Context& context, const std::string& user_id) {
  return context.db.read([&](db::Connection& connection) {
    std::vector<LinkedProvider> list;
    for (store::Provider& provider : store::list_providers(connection)) {
      auto account = store::find_remote_account_of_user(connection, user_id, provider.name);
      if (!account && (!provider.is_enabled() || provider.hidden)) continue;
      const bool is_last = account && is_last_way_in(connection, context.settings, *account);
      list.push_back({std::move(provider), std::move(account), is_last});
    }
    return list;
  });
}

}  // namespace oauth2::federation
