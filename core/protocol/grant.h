#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/protocol/context.h"
#include "core/protocol/params.h"
#include "core/store/clients.h"

namespace oauth2::protocol {

// What a grant gives its client, found out before anything is used up.
struct Claim {
  std::vector<std::string> scope;
  std::optional<std::string> user_id;  // absent: the client speaks for itself
};

// A grant type is data: one file under grants/, one line in grants.cc. The token endpoint does what all have
// in common, so a grant cannot forget it.
struct Grant {
  std::string_view type;
  bool confidential_only;
  // Reads and judges only. Throws Error.
  Claim (*check)(const Context& context, db::Connection& connection, const store::Client& client,
                 const Params& form);
};

const std::vector<const Grant*>& all_grants();
const Grant* find_grant(std::string_view type);

// The scope to be granted (RFC 6749 section 3.3). Asked for: what the client is registered with, or,
// registered without any, the default scopes; nothing asked for: the client's default scopes, else all that
// it could ask for. Throws Error(invalid_scope) for more, for unknown ones, and for internal ones when the
// client is not.
std::vector<std::string> granted_scope(db::Connection& connection, const store::Client& client,
                                       const std::optional<std::string>& requested);

}  // namespace oauth2::protocol
