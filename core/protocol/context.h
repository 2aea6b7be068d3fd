#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/crypto/password_workers.h"
#include "core/db/database.h"
#include "core/protocol/last_use.h"
#include "core/protocol/rate_limit.h"
#include "core/protocol/signing_keys.h"
#include "core/settings.h"

namespace oauth2::protocol {

struct RateLimits {
  explicit RateLimits(const Settings& settings)
      : failures(settings.rate_limit_failures),
        token(settings.rate_limit_token),
        introspect(settings.rate_limit_introspect),
        device(settings.rate_limit_device),
        par(settings.rate_limit_par),
        authorize(settings.rate_limit_authorize) {}
  RateLimit failures;
  RateLimit token;
  RateLimit introspect;
  RateLimit device;
  RateLimit par;
  RateLimit authorize;
};

// What a rule may know of the world: nothing here is HTTP.
struct Context {
  db::Database& db;
  const Settings& settings;
  RateLimits& limits;
  LastUse& last_use;
  crypto::PasswordWorkers& password_workers;
  SigningKeys& signing_keys;
  std::int64_t now = 0;        // seconds since 1970
  std::int64_t steady_ms = 0;  // a clock that only goes forward, for limits
  std::string address;         // of the client; "" on a unix socket
  std::string request_id;
  std::string* client_id_for_log = nullptr;  // set as soon as a client is authenticated
};

// Counts a request of this client from this address. When it has none left: the seconds until it has.
std::optional<std::int64_t> take_limit(const Context& context, RateLimit& limit, std::string_view client_id);

// The same; throws Error(too_many_requests) when it has none left.
void spend_limit(const Context& context, RateLimit& limit, std::string_view client_id, const char* reason);

// Appends the audit row of an act of a client or a user, in the act's own transaction. `actor`: client:ID,
// user:ID; `object`: token:ID, client:ID.
void record(db::Connection& connection, const Context& context, const std::string& actor,
            std::string_view action, const std::string& object);

struct Answer {
  std::string body;  // JSON, unless said otherwise; empty: none
  int status = 200;
  std::string_view content_type = "application/json";
};

}  // namespace oauth2::protocol
