#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/protocol/context.h"
#include "core/protocol/params.h"
#include "core/store/clients.h"
#include "core/store/device_codes.h"
#include "core/store/users.h"

namespace oauth2::protocol {

inline constexpr std::string_view device_code_grant_type = "urn:ietf:params:oauth:grant-type:device_code";

// The device authorization endpoint (RFC 8628 section 3.1). Throws Error.
Answer device_authorization(const Context& context, const Params& form,
                            const std::optional<std::string>& authorization);

// A user code as it is stored, from one as people type it: its letters, in upper case (RFC 8628 section 6.1).
std::string normalize_user_code(std::string_view typed);
std::string shown_user_code(std::string_view normalized);  // XXXX-XXXX

// What the page asks the user about.
struct DeviceRequest {
  store::DeviceCode code;
  store::Client client;
  std::vector<std::string> scope;  // what the client can still have of what it asked for
};

// The request that waits for a decision; nullopt when the code is unknown, has expired or was decided, or its
// client is disabled or has lost the grant or all of the scope. `user_code` as typed.
std::optional<DeviceRequest> find_device_request(const Context& context, db::Connection& connection,
                                                 std::string_view user_code);

// What a user decided; `refused`: nothing, there was nothing to decide any more, or the user is disabled.
enum class DeviceDecision { approved, denied, refused };

// The user's own decision of before. Strangers are not told that a code was right.
DeviceDecision find_device_decision(const Context& context, db::Connection& connection,
                                    std::string_view user_id, std::string_view user_code);

// The user's decision, judged again and done in one transaction; of several by one user the first one stands
// and is answered to all, whoever else decides is refused. An approval is remembered as a consent; of a
// public client without its scope, since what looks like that client elsewhere may be another program.
// `session_id`: a session that must still be the user's.
DeviceDecision decide_device_request(const Context& context, std::string_view user_id,
                                     std::string_view user_code, bool allow,
                                     const std::optional<std::string>& session_id = std::nullopt);

}  // namespace oauth2::protocol
