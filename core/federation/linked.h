#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/federation/context.h"
#include "core/federation/identity.h"
#include "core/store/providers.h"
#include "core/store/remote_accounts.h"

// The accounts that a user has elsewhere, as the user sees them and as a sign-in changes them.
namespace oauth2::federation {

// Who arrived from a provider, and the tokens that came along.
struct Newcomer {
  std::string provider;
  Identity identity;
  RemoteTokens tokens;
};

// Parts of a transaction. The first is for an account that nobody here has, and a user who has none of this
// provider; the second for one who came back: profile and tokens are now these, but a refresh token stays
// where no other came, since some providers give one only once.
void insert_link(db::Connection& connection, const Context& context, const Newcomer& newcomer,
                 const std::string& user_id);
void update_link(db::Connection& connection, const Context& context, const store::RemoteAccount& account,
                 const Newcomer& newcomer);

struct LinkedProvider {
  store::Provider provider;
  std::optional<store::RemoteAccount> account;  // the user's there
  bool is_last_way_in = false;
};

// All that can be connected, and all that is connected; by name.
std::vector<LinkedProvider> list_linked(const protocol::Context& context, const std::string& user_id);

// Whether that list has anything.
bool has_linked(const protocol::Context& context, const std::string& user_id);

}  // namespace oauth2::federation
