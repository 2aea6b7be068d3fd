#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/protocol/authorization_request.h"
#include "core/protocol/stored_request.h"
#include "core/store/scopes.h"
#include "core/store/sessions.h"

// The authorization endpoint (RFC 6749 section 3.1): what it answers, without the HTTP and the pages.
namespace oauth2::protocol {

// Back to the client, with a code, a token or an error.
struct GoToClient {
  std::string location;
  std::string refusal;  // the reason of an error, for the log
};

// Nobody is signed in: first /login, then `next`, a local path.
struct SignInFirst {
  std::string next;
};

struct ConsentScope {
  store::Scope scope;
  bool is_new = false;  // not allowed to this client before
};

// The user is to be asked. The form names the stored request by its id, and nothing else in it counts.
struct AskConsent {
  AuthorizationRequest request;
  std::string request_id;
  std::vector<ConsentScope> scopes;
};

// The user is to be asked at `next`, a local path. Who comes back to it later finds the request answered;
// at the client's own address it would be a new one, and give a second code.
struct AskThere {
  std::string next;
};

using Authorization = std::variant<GoToClient, SignInFirst, AskConsent, AskThere, Stale>;

// A request as the browser sent it: its own parameters, a request_id of ours, or a pushed request_uri (RFC
// 9126 section 4). `session`: the user's, or nullptr. `keeps_address`: whether what asks has a history that
// people go back in. Throws UntrustedRequest and db::Error.
Authorization authorize(const Context& context, const Params& params, const store::Session* session,
                        bool keeps_address);

// The user's answer to AskConsent. Denying is judged exactly as allowing is. Of several answers to one
// request the first one counts, in whatever tabs of the session it is open. Throws UntrustedRequest and
// db::Error.
Authorization decide(const Context& context, std::string_view request_id, const store::Session& session,
                     bool allow);

// For the sign-in page: the trusted part of the request that `next` leads to, if it is one.
std::optional<AuthorizationRequest> request_behind(const Context& context, std::string_view next);

// What is granted of the scope and what of it the user sees for the first time.
std::vector<ConsentScope> consent_scopes(db::Connection& connection, const std::vector<std::string>& scope,
                                         std::string_view user_id, std::string_view client_id);

}  // namespace oauth2::protocol
