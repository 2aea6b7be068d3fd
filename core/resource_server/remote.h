#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/fetch/fetch.h"
#include "core/fetch/url.h"
#include "core/json_document.h"

namespace oauth2::resource_server {

using Clock = std::function<std::int64_t()>;

Clock clock_or_system(Clock clock);

// A fetch::Error about a URL in the options is the caller's mistake: std::invalid_argument.
void require_allowed_url(std::string_view option, const std::string& url);

// Says for how long a server is left alone after it could not be reached. Many threads may use it.
class Pause {
 public:
  explicit Pause(std::chrono::milliseconds length) : length_(length) {}

  bool is_on() const { return std::chrono::steady_clock::now().time_since_epoch().count() < until_; }
  void begin() {
    until_ = (std::chrono::steady_clock::now() +
              std::chrono::duration_cast<std::chrono::steady_clock::duration>(length_))
                 .time_since_epoch()
                 .count();
  }

 private:
  const std::chrono::milliseconds length_;
  std::atomic<std::chrono::steady_clock::rep> until_{std::chrono::steady_clock::duration::min().count()};
};

// The words of its scope, if any. Throws WrongMember for what is no scope.
std::vector<std::string> scopes_of(const JsonDocument& document);

// The JSON document that an endpoint answers with 200 and application/json. Throws Unavailable for any other
// answer and for none; the message names `what` and the server at most. When the server cannot be reached or
// does not answer in time, the pause begins.
JsonDocument fetch_document(fetch::KeptConnections& connections, const fetch::Request& request,
                            std::string_view what, Pause& pause);

}  // namespace oauth2::resource_server
