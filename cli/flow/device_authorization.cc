#include "cli/flow/device_authorization.h"

#include "cli/exit_code.h"
#include "cli/flow/server_metadata.h"

namespace oauth2::cli {
namespace {

constexpr std::int64_t longest = 366 * 86'400;

CommandError malformed(const std::string& what) {
  return CommandError(Exit::failed, "the server's answer is malformed: " + what);
}

}  // namespace

DeviceAuthorization read_device_authorization(const JsonDocument& document) {
  DeviceAuthorization out;
  out.device_code = document.require_text("device_code");
  out.user_code = document.require_text("user_code");
  out.verification_uri = require_url("verification_uri", document.require_text("verification_uri"));
  if (const auto complete = document.text("verification_uri_complete"))
    out.verification_uri_complete = require_url("verification_uri_complete", *complete);
  out.expires_in = document.number("expires_in").value_or(0);
  if (out.expires_in < 1 || out.expires_in > longest) throw malformed("expires_in is missing or senseless");
  out.interval = document.number("interval").value_or(5);
  if (out.interval < 1 || out.interval > longest) throw malformed("interval is senseless");
  return out;
}

}  // namespace oauth2::cli
