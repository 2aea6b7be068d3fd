#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/protocol/context.h"
#include "core/protocol/error.h"
#include "core/protocol/params.h"
#include "core/protocol/signing_keys.h"
#include "core/store/clients.h"
#include "core/store/codes.h"
#include "core/store/tokens.h"
#include "core/store/users.h"

namespace oauth2::protocol {

// A refresh token that another takes the place of.
struct Rotation {
  store::Token token;
  std::string successor_sealed;  // the successor's secret, readable only with that of the token
  std::int64_t family_ends_at = 0;
};

// The strings of new tokens with their ids and hashes: made before the transaction, which others wait for.
struct NewTokens {
  struct One {
    std::string secret;
    store::Token row;  // its kind, id and hash; of a JWT all that it says
  };
  One access;
  std::optional<One> refresh;     // a first one, or a successor
  std::optional<SigningKey> key;  // what `access` is signed with, where it is a JWT
};

// What a request presents to be used up, read along with its client; absent: there is none such.
struct Presented {
  std::optional<store::AuthorizationCode> code;
  std::optional<store::Token> refresh_token;
};

// What a grant gives its client.
struct Claim {
  std::vector<std::string> scope;
  std::optional<std::string> user_id;           // absent: the client speaks for itself
  std::optional<std::string> audience;          // of the access token; absent: the issuer
  std::optional<std::string> refresh_audience;  // of a first refresh token: all that was granted; likewise
  std::optional<std::string> family_id;      // of all that one authorization gives; absent: never refreshed
  std::optional<std::string> code_hash;      // of the authorization code that gives it
  std::optional<std::string> refresh_token;  // the secret, stored already; absent: a new one, where due
  std::optional<Rotation> rotation;          // that uses up the refresh token which was presented
  std::optional<store::User> user;           // read along, where the answer shows them
  std::optional<std::string> password_hash;  // by which the user was proved to be there, where one was
};

// What using up came to: what was claimed stands, or another claim takes its place, or a refusal that is
// thrown after the commit, because what it did (such as revoking a family) must stay done. A refusal that has
// done nothing is thrown at once.
struct AsClaimed {};
using Redeemed = std::variant<AsClaimed, Claim, Error>;

// A grant type is data: one file under grants/, one line in grants.cc. The token endpoint does what all have
// in common, so a grant cannot forget it.
struct Grant {
  std::string_view type;
  bool confidential_only;
  bool Settings::*setting;  // offered only where this one is on; nullptr: always

  // Reads the client's credentials and in the same statement what the form presents, without judging either.
  // nullptr: the client is all there is to read.
  std::optional<store::ClientCredentials> (*find)(const Context& context, db::Connection& connection,
                                                  const std::string& client_id, const Params& form,
                                                  Presented& presented);

  // Reads and judges only, so that a bad request costs no write. Throws Error.
  Claim (*check)(const Context& context, db::Connection& connection, const store::Client& client,
                 const Params& form, const Presented& presented);

  // Completes the claim, outside any transaction: for what takes long, as judging a password does. Throws
  // Error. nullptr: there is nothing to be proved.
  void (*prove)(const Context& context, const Params& form, const NewTokens& made, Claim& claim);

  // In the transaction that issues: last of all, uses up what may be used once, by one statement that is true
  // only while it still may be used; of racing requests one wins. Where it is not, judges again, since the
  // world has moved. nullptr: nothing is used up, and what was claimed stands.
  Redeemed (*redeem)(const Context& context, db::Connection& connection, const store::Client& client,
                     const Params& form, const Claim& claimed);

  bool is_offered(const Settings& settings) const { return !setting || settings.*setting; }
};

const std::vector<const Grant*>& all_grants();
const Grant* find_grant(std::string_view type);

// The scope to be granted (RFC 6749 section 3.3). Asked for: what the client is registered with, or,
// registered without any, the default scopes; nothing asked for: the client's default scopes, else all that
// it could ask for. Throws Error(invalid_scope) for more, for unknown ones, and for internal ones when the
// client is not.
std::vector<std::string> granted_scope(db::Connection& connection, const store::Client& client,
                                       const std::optional<std::string>& requested);

// All that the client could ask for now.
std::vector<std::string> requestable_scope(db::Connection& connection, const store::Client& client);

// What is left of a scope that was granted before: one that was deleted, made internal or taken from the
// client since is left out. Throws Error(invalid_scope) when all of them were.
std::vector<std::string> remaining_scope(db::Connection& connection, const store::Client& client,
                                         std::vector<std::string> granted);

}  // namespace oauth2::protocol
