#pragma once

#include <stdexcept>
#include <string>

#include "core/json_document.h"

namespace oauth2::federation {

// What went wrong, as the person is told; each has a page of its own.
enum class FailureKind {
  denied,             // the person said no there
  provider_down,      // no answer, in time or at all
  bad_answer,         // one that cannot be right
  token_refused,      // it takes our code, our client or our token no more
  clock_skew,         // what it has just signed is not valid at this time
  no_identity,        // it does not say who signed in
  no_such_provider,   //
  state_missing,      // nobody began this sign-in
  state_expired,      //
  state_used,         //
  state_foreign,      // another browser, another session of it, or nobody's
  mixed_up,           // the answer of another provider
  email_taken,        //
  user_disabled,      //
  signup_off,         //
  linked_to_another,  // the remote account is another user's
  another_linked,     // the user has another account of this provider
};

// The message is for the log: it names servers, endpoints and error codes, and never a secret.
struct Failure : std::runtime_error {
  Failure(FailureKind failure_kind, const std::string& reason)
      : std::runtime_error(reason), kind(failure_kind) {}
  // Of what a provider sent.
  explicit Failure(const WrongMember& wrong)
      : Failure(FailureKind::bad_answer, "the provider's '" + wrong.name + "' " + wrong.problem) {}
  FailureKind kind;
};

}  // namespace oauth2::federation
