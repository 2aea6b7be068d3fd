#pragma once

#include <string>

#include "core/federation/identity.h"
#include "core/federation/state.h"

namespace oauth2::federation {

struct Start {
  std::string url;  // where the browser goes
};

// The way to the provider. Throws Failure where the provider itself must be asked first and does not answer.
Start begin(const Context& context, const account::Browser& browser, const store::Provider& provider,
            const StateClaims& claims);

struct Arrival {
  Identity identity;
  RemoteTokens tokens;
  StateClaims state;
};

// What the browser brings back, in the query of redirect_uri(). Throws Failure; what another browser tries
// uses nothing up. Whoever called begin() for a link checks that the session is signed in: the state holds
// for that session alone.
Arrival finish(const Context& context, const account::Browser& browser, const store::Provider& provider,
               const protocol::Params& query);

std::string redirect_uri(const Settings& settings, std::string_view provider);

}  // namespace oauth2::federation
