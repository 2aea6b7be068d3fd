#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/protocol/authorization_request.h"
#include "core/store/authorization_requests.h"

// Authorization requests that wait in the database.
namespace oauth2::protocol {

inline constexpr std::int64_t pushed_request_seconds = 300;
inline constexpr std::int64_t stored_request_seconds = 3600;  // while somebody signs in and reads

// Where the parameters of a request come from.
struct RequestSource {
  Params params;
  bool pushed = false;
  std::optional<std::string> hash;  // of the stored request that an answer uses up; absent: there is none
  std::optional<std::int64_t> expires_at;  // of what is read from our own store; a copy lives no longer
};

// Why a stored request cannot be answered any more.
enum class Stale { unknown, expired, answered, another_session, changed };

// What `request_id` (alone) or `request_uri` name, or the parameters themselves, of which only those that
// mean something are kept. Throws UntrustedRequest where the pushed one is another client's, or one of the
// names came twice.
std::variant<RequestSource, Stale> find_source(const Context& context, db::Connection& connection,
                                               const Params& params);

// nullopt: it waits for an answer, as does what it was read from, which may have expired meanwhile.
std::optional<Stale> staleness(const Context& context, db::Connection& connection,
                               const std::optional<store::AuthorizationRequest>& stored);

// Stores it and answers its name, a secret.
std::string store_request(const Context& context, db::Connection& connection, std::string_view client_id,
                          const RequestSource& source, const std::optional<std::string>& session_id);

// The parameter of a stored request that says where the page said the answer goes.
inline constexpr std::string_view shown_redirect_uri = "shown_redirect_uri";

// RFC 9126 section 2: stores a request that its client authenticates, for the browser to name.
Answer push_request(const Context& context, const Params& form,
                    const std::optional<std::string>& authorization);

std::string request_hash_of(std::string_view request_id);

}  // namespace oauth2::protocol
