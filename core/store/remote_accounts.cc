#include "core/store/remote_accounts.h"

#include "core/store/id_prefix.h"

namespace oauth2::store {
namespace {

constexpr std::string_view select_accounts =
    "SELECT r.id, r.provider, r.subject, r.user_id, r.username, r.email, r.tokens_sealed, r.expires_at,"
    " r.created_at, r.last_used_at, u.username, u.disabled_at,"
    " CASE WHEN p.disabled_at IS NULL AND p.hidden = 0 AND p.link_only = 0 THEN 1 ELSE 0 END,"
    " p.link_only"
    " FROM remote_accounts r JOIN users u ON u.id = r.user_id JOIN providers p ON p.name = r.provider ";

RemoteAccount account_from(const db::Row& row) {
  RemoteAccount account;
  account.id = row.text(0);
  account.provider = row.text(1);
  account.subject = row.text(2);
  account.user_id = row.text(3);
  account.username = row.optional_text(4);
  account.email = row.optional_text(5);
  account.tokens_sealed = row.optional_text(6);
  account.expires_at = row.optional_integer(7);
  account.created_at = row.integer(8);
  account.last_used_at = row.optional_integer(9);
  account.user_username = row.text(10);
  account.user_disabled_at = row.optional_integer(11);
  account.signs_in = row.flag(12);
  account.link_only = row.flag(13);
  return account;
}

std::vector<RemoteAccount> select(db::Connection& connection, std::string_view rest,
                                  const db::Parameters& parameters) {
  std::vector<RemoteAccount> accounts;
  connection.run(std::string(select_accounts).append(rest), parameters,
                 [&](const db::Row& row) { accounts.push_back(account_from(row)); });
  return accounts;
}

std::optional<RemoteAccount> select_one(db::Connection& connection, std::string_view rest,
                                        const db::Parameters& parameters) {
  auto accounts = select(connection, rest, parameters);
  return accounts.empty() ? std::nullopt : std::optional(std::move(accounts.front()));
}

}  // namespace

void insert_remote_account(db::Connection& connection, const RemoteAccount& account) {
  connection.run(
      "INSERT INTO remote_accounts (id, provider, subject, user_id, username, email, tokens_sealed,"
      " expires_at, created_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {account.id, account.provider, account.subject, account.user_id, account.username, account.email,
       account.tokens_sealed, account.expires_at, account.created_at, account.last_used_at});
}

std::optional<RemoteAccount> find_remote_account(db::Connection& connection, std::string_view id) {
  return select_one(connection, "WHERE r.id = $1", {id});
}

std::optional<RemoteAccount> find_remote_account_by_subject(db::Connection& connection,
                                                            std::string_view provider,
                                                            std::string_view subject) {
  return select_one(connection, "WHERE r.provider = $1 AND r.subject = $2", {provider, subject});
}

std::optional<RemoteAccount> find_remote_account_of_user(db::Connection& connection, std::string_view user_id,
                                                         std::string_view provider) {
  return select_one(connection, "WHERE r.user_id = $1 AND r.provider = $2", {user_id, provider});
}

bool has_linkable_provider(db::Connection& connection, std::string_view user_id) {
  return connection.number(
             "SELECT count(*) FROM providers p WHERE (p.disabled_at IS NULL AND p.hidden = 0)"
             " OR EXISTS (SELECT 1 FROM remote_accounts r WHERE r.user_id = $1 AND r.provider = p.name)",
             {user_id}) > 0;
}

std::vector<RemoteAccount> list_remote_accounts_by_id_prefix(db::Connection& connection,
                                                             std::string_view prefix) {
  return select(connection, "WHERE r.id >= $1 AND r.id < $2 ORDER BY r.id", {prefix, after_prefix(prefix)});
}

std::vector<RemoteAccount> list_remote_accounts(db::Connection& connection,
                                                const RemoteAccountFilter& filter) {
  // One text for each: with an OR, a user's accounts are not looked up by their index.
  std::string where = filter.user_id ? "WHERE r.user_id = $1" : "WHERE CAST($1 AS TEXT) IS NULL";
  where += filter.provider ? " AND r.provider = $2" : " AND CAST($2 AS TEXT) IS NULL";
  where += " ORDER BY u.username_key, r.provider";
  return select(connection, where, {filter.user_id, filter.provider});
}

std::int64_t count_remote_accounts(db::Connection& connection, std::string_view provider) {
  return connection.number("SELECT count(*) FROM remote_accounts WHERE provider = $1", {provider});
}

std::int64_t count_only_let_in_by(db::Connection& connection, std::string_view provider) {
  return connection.number(
      "SELECT count(*) FROM remote_accounts r JOIN users u ON u.id = r.user_id"
      " JOIN providers p ON p.name = r.provider"
      " WHERE r.provider = $1 AND p.link_only = 0 AND u.password_hash IS NULL AND NOT EXISTS ("
      "SELECT 1 FROM remote_accounts o JOIN providers q ON q.name = o.provider"
      " WHERE o.user_id = r.user_id AND o.provider <> $1"
      " AND q.disabled_at IS NULL AND q.hidden = 0 AND q.link_only = 0)",
      {provider});
}

void update_remote_profile(db::Connection& connection, std::string_view id,
                           const std::optional<std::string>& username,
                           const std::optional<std::string>& email) {
  connection.run("UPDATE remote_accounts SET username = $2, email = $3 WHERE id = $1", {id, username, email});
}

bool update_remote_tokens(db::Connection& connection, std::string_view id,
                          const std::optional<std::string>& before,
                          const std::optional<std::string>& tokens_sealed,
                          std::optional<std::int64_t> expires_at) {
  return connection.run(
             "UPDATE remote_accounts SET tokens_sealed = $3, expires_at = $4, refreshing_until = NULL"
             " WHERE id = $1 AND COALESCE(tokens_sealed, '') = $2",
             {id, before.value_or(""), tokens_sealed, expires_at}) > 0;
}

bool begin_refresh(db::Connection& connection, std::string_view id, std::int64_t now, std::int64_t until) {
  return connection.run(
             "UPDATE remote_accounts SET refreshing_until = $3"
             " WHERE id = $1 AND COALESCE(refreshing_until, 0) <= $2",
             {id, now, until}) > 0;
}

void end_refresh(db::Connection& connection, std::string_view id) {
  connection.run("UPDATE remote_accounts SET refreshing_until = NULL WHERE id = $1", {id});
}

void touch_remote_account(db::Connection& connection, std::string_view id, std::int64_t now) {
  connection.run("UPDATE remote_accounts SET last_used_at = $2 WHERE id = $1", {id, now});
}

bool delete_remote_account(db::Connection& connection, std::string_view id) {
  return connection.run("DELETE FROM remote_accounts WHERE id = $1", {id}) > 0;
}

}  // namespace oauth2::store
