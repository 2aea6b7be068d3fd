#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/account/browser.h"
#include "core/federation/context.h"
#include "core/federation/failure.h"
#include "core/protocol/params.h"

namespace oauth2::federation {

enum class Purpose { sign_in, link };

// What the browser was about, and must still know when it comes back.
struct StateClaims {
  std::string next = "/";  // a local path
  Purpose purpose = Purpose::sign_in;
  bool remember = false;
};

// One trip of a browser to a provider and back. What travels is a JWT (HS256) whose key is made from the
// browser's secret, so that nothing is stored for strangers and nobody else can bring it back.
struct State {
  std::string jti;
  std::string provider;
  StateClaims claims;
  std::int64_t expires_at = 0;
};

// For 300 seconds; a `next` that is not local becomes "/".
State new_state(const Context& context, const std::string& provider, const StateClaims& claims);
std::string sign_state(const account::Browser& browser, const State& state);

// The `state` of an answer. Failure: state_missing; state_foreign for one that this session of this browser
// did not get, changed ones too; state_expired; mixed_up for one of another provider than `provider`.
State open_state(const Context& context, const account::Browser& browser, const std::string& provider,
                 const protocol::Params& query);

// Uses it up: Failure(state_used) for all but the first. Answers the request token that was kept with it.
std::optional<std::string> use_state(const Context& context, const account::Browser& browser,
                                     const State& state);
// Keeps a secret text until use_state(); only this browser's secret opens it.
void keep_with_state(const Context& context, const account::Browser& browser, const State& state,
                     std::string_view text);

// Values that go to the provider and are known again when the browser is back: made from the browser's
// secret and the state.
std::string nonce(const account::Browser& browser, const State& state);
std::string code_verifier(const account::Browser& browser, const State& state);  // RFC 7636

}  // namespace oauth2::federation
