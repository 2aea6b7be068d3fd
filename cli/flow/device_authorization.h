#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/json_document.h"

namespace oauth2::cli {

// RFC 8628 section 3.2.
struct DeviceAuthorization {
  std::string device_code;
  std::string user_code;
  std::string verification_uri;
  std::optional<std::string> verification_uri_complete;
  std::int64_t expires_in = 0;
  std::int64_t interval = 5;
};

// CommandError for one that nobody could use.
DeviceAuthorization read_device_authorization(const JsonDocument& document);

// How long to wait before each poll (RFC 8628 section 3.5).
class PollPace {
 public:
  explicit PollPace(std::int64_t interval) : interval_(interval) {}

  std::int64_t seconds() const { return interval_ + pause_; }
  void slow_down() { interval_ += 5; }  // for good
  // The server could not be reached: twice as long each time, until it answers again.
  void back_off() { pause_ = pause_ == 0 ? interval_ : 2 * pause_ + interval_; }
  void answered() { pause_ = 0; }

 private:
  std::int64_t interval_;
  std::int64_t pause_ = 0;
};

}  // namespace oauth2::cli
