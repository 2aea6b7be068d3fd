#pragma once

#include <string>
#include <utility>

#include "core/federation/context.h"
#include "core/federation/failure.h"
#include "core/federation/sealing.h"
#include "core/federation/signup.h"
#include "server/visit.h"

// What the pages of signing in with a provider share.
namespace oauth2::server {

// The one that the path names. PageRefusal (404) where there is none that is enabled; with `is_shown` a
// hidden one is not there either.
store::Provider require_provider(const Visit& visit, bool is_shown);

// Runs `action(federation::Context)`. A Failure becomes the page that tells what happened and what to do.
template <class Action>
auto with_provider(Visit& visit, const store::Provider& provider, Action&& action);

// Goes on as the user who has just been let in.
void go_on(Visit& visit, federation::SignedIn signed_in);

// `next`: where the sign-in was to lead, and another try leads then.
PageRefusal failed_with(const Visit& visit, const store::Provider& provider,
                        const federation::Failure& failure, const std::string& next = "/");

template <class Action>
auto with_provider(Visit& visit, const store::Provider& provider, Action&& action) {
  const auto key = federation::require_server_key(visit.context.settings, visit.context.db);
  try {
    return action(federation::Context{visit.context, {key, *visit.remote_cache}});
  } catch (const federation::Failure& failure) {
    throw failed_with(visit, provider, failure);
  }
}

}  // namespace oauth2::server
