#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/protocol/params.h"
#include "core/store/clients.h"
#include "core/store/tokens.h"

// For whom a token is (RFC 8707). An audience is kept as its URIs, in order and joined by one space; absent:
// the issuer alone.
namespace oauth2::protocol {

// Its URIs, at least one.
std::vector<std::string> audience_uris(const std::optional<std::string>& audience, std::string_view issuer);

bool has_audience(const store::Token& token, std::string_view uri, std::string_view issuer);

// The audience that the parameters ask for by `resource`, however often and in whatever order: URIs that the
// client is registered to ask for, and the issuer, which all may ask for; none: the issuer. Throws
// Error(invalid_target) for any other.
std::optional<std::string> requested_audience(const store::Client& client, const Params& params,
                                              std::string_view issuer);

// The part that the parameters ask for of an audience that was granted before; none: all that the client may
// still ask for. Throws Error(invalid_target) for more than was granted, for what was taken from the client
// since, and when nothing is left.
std::optional<std::string> narrowed_audience(const store::Client& client,
                                             const std::optional<std::string>& granted, const Params& params,
                                             std::string_view issuer);

}  // namespace oauth2::protocol
