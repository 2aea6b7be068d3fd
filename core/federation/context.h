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
  std::chrono::milliseconds timeout{8'000};   // of one request
  std::chrono::milliseconds patience{9'000};  // of all of one sign-in: a server that stops waits for them
};

struct Context : protocol::Context {
  Outside outside;
};

}  // namespace oauth2::federation
