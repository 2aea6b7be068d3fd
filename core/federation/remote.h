#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/federation/context.h"
#include "core/federation/failure.h"
#include "core/fetch/fetch.h"
#include "core/json_document.h"

namespace oauth2::federation {

// A provider, and the time that there is to talk to it.
struct Remote {
  const Outside& outside;
  Resolved provider;
  std::int64_t now = 0;  // seconds since 1970
  std::chrono::steady_clock::time_point deadline;
};

Remote reach(const Outside& outside, const store::Provider& provider, std::int64_t now);

// One request. `whom` is for the failure's text: "token endpoint". Throws Failure(provider_down) where no
// answer comes, and where the answer is that there is none now (429, 5xx); Failure(bad_answer) for one that
// is too long or malformed, and for a redirect, which is followed nowhere.
fetch::Response ask(const Remote& remote, std::string_view whom, fetch::Request request);

// Where it must be 200 and a JSON object. 401 is Failure(token_refused): `request` had a token.
JsonDocument ask_for_document(const Remote& remote, std::string_view whom, fetch::Request request);

// The object in a response, or Failure(bad_answer).
JsonDocument require_document(std::string_view whom, const fetch::Response& response);

// "token endpoint: it answers 404"
Failure unexpected_status(FailureKind kind, std::string_view whom, const fetch::Response& response);

// An error code as it may stand in the log: what looks like none is left out.
std::string shown_error(std::string_view code);

// `url` with more parameters in its query.
std::string with_query(const std::string& url, const std::string& parameters);

}  // namespace oauth2::federation
