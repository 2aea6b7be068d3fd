#include "core/protocol/throttle.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "core/crypto/hash.h"
#include "core/protocol/error.h"
#include "core/store/failed_attempts.h"

namespace oauth2::protocol {
namespace {

constexpr store::FailureCosts costs = {/*free=*/5, /*window_seconds=*/15 * 60, /*most_seconds=*/15 * 60};

}  // namespace

// One who has an IPv6 address has the whole /64 of it. An IPv4 address may come as an IPv6 one.
std::string place_of(const std::string& address) {
  std::array<char, 16> bytes{};
  if (::inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return address;
  constexpr std::array<char, 12> v4_mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '\xFF', '\xFF'};
  if (!std::equal(v4_mapped.begin(), v4_mapped.end(), bytes.begin())) return std::string(bytes.data(), 8);
  std::array<char, INET_ADDRSTRLEN> text{};
  ::inet_ntop(AF_INET, bytes.data() + v4_mapped.size(), text.data(), text.size());
  return text.data();
}

std::string throttle_subject(std::string_view kind, std::string_view what) {
  return crypto::sha256_base64url(std::string(kind) + '\n' + std::string(what));
}

Subjects with_address(const Context& context, const std::string& subject) {
  if (context.address.empty()) return {subject};
  return {subject, throttle_subject("address", place_of(context.address))};
}

void require_not_blocked(db::Connection& connection, const Context& context, const Subjects& subjects,
                         const char* reason) {
  std::int64_t until = context.now;
  for (const std::string& subject : subjects) {
    const auto attempts = store::find_failed_attempts(connection, subject, context.now);
    if (attempts) until = std::max(until, attempts->blocked_until);
  }
  if (until > context.now) throw Error(too_many_requests, reason, until - context.now);
}

std::optional<std::int64_t> count_failure(db::Connection& connection, const Context& context,
                                          const Subjects& subjects) {
  std::int64_t until = context.now;
  for (const std::string& subject : subjects) {
    const auto attempts = store::count_failed_attempt(connection, subject, context.now, costs);
    until = std::max(until, attempts.blocked_until);
  }
  return until > context.now ? std::optional(until - context.now) : std::nullopt;
}

void forget_failures(const Context& context, const std::string& subject) {
  // Mostly there are none, and a look costs no write.
  const bool any = context.db.read_latest([&](db::Connection& connection) {
    return store::find_failed_attempts(connection, subject, context.now).has_value();
  });
  if (!any) return;
  context.db.write([&](db::Connection& connection) { store::delete_failed_attempts(connection, subject); });
}

}  // namespace oauth2::protocol
