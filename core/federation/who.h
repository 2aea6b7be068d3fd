#pragma once

#include <string>
#include <variant>

#include "core/federation/flow.h"
#include "core/federation/signup.h"

// Who it is that comes from a provider.
namespace oauth2::federation {

struct Linked {  // to the user who is signed in
  std::string next;
};

struct Asked {  // nobody yet: the form of the sign-up comes first
  std::string secret;
};

using Welcome = std::variant<SignedIn, Linked, Asked>;

// In this order: who is linked already; the user who is signed in and asked for the link; the user whose
// e-mail it is, where the provider proved it and is trusted; a new one. All in one transaction, while nobody
// else writes, so that of racing arrivals the later ones see what the first made. Throws Failure; nothing
// has changed then.
Welcome welcome(const Context& context, const account::Browser& browser, const store::Provider& provider,
                const Arrival& arrival, const std::string& user_agent);

}  // namespace oauth2::federation
