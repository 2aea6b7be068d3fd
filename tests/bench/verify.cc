// How many JWTs a second one thread verifies, the validator's whole work with the keys at hand: ISSUER,
// JWKS_URI, SECONDS and a token as arguments.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "core/resource_server/resource_server.h"

namespace rs = oauth2::resource_server;

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  using Clock = std::chrono::steady_clock;
  const auto validator = rs::jwt({.issuer = argv[1], .resource = argv[1], .jwks_uri = argv[2]});
  if (!validator->validate(argv[4])) return 1;  // and now the keys are here
  const auto began = Clock::now();
  const auto end = began + std::chrono::seconds(std::atoi(argv[3]));
  long count = 0;
  for (; Clock::now() < end; ++count) validator->validate(argv[4]);
  std::printf("%.1f\n",
              static_cast<double>(count) / std::chrono::duration<double>(Clock::now() - began).count());
  return 0;
}
