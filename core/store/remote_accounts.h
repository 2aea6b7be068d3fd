#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/connection.h"

namespace oauth2::store {

// Whose account at a provider is whose here.
struct RemoteAccount {
  std::string id;
  std::string provider;
  std::string subject;  // who it is there, for ever
  std::string user_id;
  std::optional<std::string> username;  // there, when last seen; a name to show and nothing more
  std::optional<std::string> email;
  std::optional<std::string> tokens_sealed;
  std::optional<std::int64_t> expires_at;  // of the access token there; absent: unknown or never
  std::int64_t created_at = 0;
  std::optional<std::int64_t> last_used_at;

  // Read along from user and provider; not written.
  std::string user_username;
  std::optional<std::int64_t> user_disabled_at;
  bool signs_in = false;   // its provider is enabled, shown, and not for linking only
  bool link_only = false;  // its provider is: it never lets in
};

// db::Conflict: the account there is linked, or the user has one of this provider already.
void insert_remote_account(db::Connection& connection, const RemoteAccount& account);

std::optional<RemoteAccount> find_remote_account(db::Connection& connection, std::string_view id);
std::optional<RemoteAccount> find_remote_account_by_subject(db::Connection& connection,
                                                            std::string_view provider,
                                                            std::string_view subject);
std::optional<RemoteAccount> find_remote_account_of_user(db::Connection& connection, std::string_view user_id,
                                                         std::string_view provider);
// Whether the user has an account anywhere, or there is a provider to connect one of.
bool has_linkable_provider(db::Connection& connection, std::string_view user_id);
std::vector<RemoteAccount> list_remote_accounts_by_id_prefix(db::Connection& connection,
                                                             std::string_view prefix);

struct RemoteAccountFilter {
  std::optional<std::string> user_id;
  std::optional<std::string> provider;
};
std::vector<RemoteAccount> list_remote_accounts(db::Connection& connection,
                                                const RemoteAccountFilter& filter);  // by username, provider
std::int64_t count_remote_accounts(db::Connection& connection, std::string_view provider);
// Users whom nothing but this provider lets in: no password, no account elsewhere that signs in.
std::int64_t count_only_let_in_by(db::Connection& connection, std::string_view provider);

// What it is called there changes, who it is does not.
void update_remote_profile(db::Connection& connection, std::string_view id,
                           const std::optional<std::string>& username,
                           const std::optional<std::string>& email);
// Where they are still `before`, so that of two that refresh at once one wins; answers whether.
bool update_remote_tokens(db::Connection& connection, std::string_view id,
                          const std::optional<std::string>& before,
                          const std::optional<std::string>& tokens_sealed,
                          std::optional<std::int64_t> expires_at);
// A provider may end everything when one refresh token comes twice: who may ask it is alone until `until`, or
// until the tokens are updated or it lets go. False while another one is at it.
bool begin_refresh(db::Connection& connection, std::string_view id, std::int64_t now, std::int64_t until);
void end_refresh(db::Connection& connection, std::string_view id);
void touch_remote_account(db::Connection& connection, std::string_view id, std::int64_t now);

bool delete_remote_account(db::Connection& connection, std::string_view id);  // false: there was none

}  // namespace oauth2::store
