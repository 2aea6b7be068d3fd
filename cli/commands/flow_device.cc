#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <thread>

#include "cli/command.h"
#include "cli/flow/device_authorization.h"
#include "cli/flow/flags.h"
#include "core/fetch/error.h"
#include "core/qr.h"
#include "core/text.h"
#include "core/time.h"

namespace oauth2::cli {
namespace {

using std::chrono::steady_clock;

void tell(const DeviceAuthorization& device, const Console& console) {
  console.note(fmt::format("open {} and enter the code {}", device.verification_uri,
                           text::escape_controls(device.user_code)));
  if (device.verification_uri_complete)
    console.note(fmt::format("or open {}", *device.verification_uri_complete));
  const auto qr = qr_terminal(device.verification_uri_complete.value_or(device.verification_uri));
  if (qr && console.shows_progress()) console.note(*qr);
  if (!console.globals().quiet)
    console.note(fmt::format("waiting for at most {}", format_duration(device.expires_in)));
}

// The token response, or nullopt when it is not there yet.
std::optional<JsonDocument> poll(const Remote& remote, const std::string& endpoint,
                                 const std::string& device_code, PollPace& pace) {
  try {
    const Form form = {{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                       {"device_code", device_code},
                       {"client_id", remote.client_id}};
    return post(remote, endpoint, form);
  } catch (const Refusal& refusal) {
    if (refusal.error == "slow_down") pace.slow_down();
    if (refusal.error == "access_denied")
      throw CommandError(refusal.exit, "the sign-in was denied", refusal.what());
    if (refusal.error == "expired_token")
      throw CommandError(refusal.exit, "the code has expired: nobody entered it in time", refusal.what());
    if (refusal.error != "slow_down" && refusal.error != "authorization_pending") throw;
    pace.answered();
  } catch (const fetch::Error& error) {
    if (error.kind != fetch::Error::Kind::timed_out && error.kind != fetch::Error::Kind::cannot_connect &&
        error.kind != fetch::Error::Kind::lost)
      throw;
    pace.back_off();
  }
  return std::nullopt;
}

JsonDocument wait_for_tokens(const Remote& remote, const std::string& endpoint,
                             const DeviceAuthorization& device) {
  const auto end = steady_clock::now() + std::chrono::seconds(device.expires_in);
  PollPace pace(device.interval);
  for (;;) {
    const auto next = steady_clock::now() + std::chrono::seconds(pace.seconds());
    if (next >= end) {
      std::this_thread::sleep_until(end);
      throw CommandError(Exit::refused, "the code has expired: nobody entered it in time");
    }
    std::this_thread::sleep_until(next);
    if (const auto tokens = poll(remote, endpoint, device.device_code, pace)) return *tokens;
  }
}

Exit run(const FlowFlags& flags, Console& console) {
  const Remote remote = open_remote(flags, console);
  const std::string endpoint =
      require_endpoint(remote.server.device_authorization_endpoint, "device_authorization_endpoint");
  const std::string token_endpoint = require_endpoint(remote.server.token_endpoint, "token_endpoint");
  const Form form = with_scope(flags, {{"client_id", remote.client_id}});
  const DeviceAuthorization device = read_device_authorization(post(remote, endpoint, form));
  tell(device, console);
  print_tokens(flags, wait_for_tokens(remote, token_endpoint, device), console);
  return Exit::done;
}

Action bind(Options& options) {
  const auto flags = std::make_shared<FlowFlags>();
  flags->declare(options);
  return [flags](Console& console) { return run(*flags, console); };
}

}  // namespace

extern const Command flow_device;
const Command flow_device = {
    .path = "flow device",
    .summary = "sign in on another device, at any OAuth 2.0 server",
    .details =
        "RFC 8628. Says on stderr where to go and which code to enter there, and asks the server, as often "
        "as it "
        "wants to be asked, whether that was done.",
    .examples = {{"curl -H \"$(oauth2ctl flow device --client-id tool --scope read --header)\" "
                  "https://api.example.org/",
                  "calls an API from a machine that has no browser"}},
    .shape = token_response_shape,
    .bind = bind};

}  // namespace oauth2::cli
