#pragma once

#include <chrono>

#include "core/federation/endpoint.h"
#include "core/federation/remote_cache.h"
#include "core/protocol/context.h"

// Signing in with an account that somebody has elsewhere, and acting there for them.
namespace oauth2::federation {

// What talking to a provider takes.
struct Outside {
  const ServerKey& server_key;  // opens what is sealed
  RemoteCache& cache;
  std::chrono::milliseconds timeout{10'000};   // of one request
  std::chrono::milliseconds patience{20'000};  // of all requests of one sign-in
};

struct Context : protocol::Context {
  Outside outside;
};

}  // namespace oauth2::federation
