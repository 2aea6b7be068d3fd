#include <memory>

#include "cli/command.h"
#include "cli/flow/flags.h"
#include "cli/secrets.h"

namespace oauth2::cli {
namespace {

struct Values {
  FlowFlags flags;
  std::optional<std::string> refresh_token_from;
};

Exit run(const Values& values, Console& console) {
  if (values.refresh_token_from == "-" && values.flags.secret_from == "-")
    throw UsageError("--refresh-token-from and --secret-from cannot both be standard input");
  const std::string token =
      require_secret(console, "--refresh-token-from", values.refresh_token_from, "Refresh token", false);
  const Remote remote = open_remote(values.flags, console);
  const std::string endpoint = require_endpoint(remote.server.token_endpoint, "token_endpoint");
  const Form form = with_scope(values.flags, {{"grant_type", "refresh_token"}, {"refresh_token", token}});
  print_tokens(values.flags, post(remote, endpoint, form), console);
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  values->flags.declare(options);
  options
      .value("--refresh-token-from", "SOURCE", values->refresh_token_from,
             "-, env:NAME or file:PATH; else asked for")
      .offers(Offer::source);
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command flow_refresh;
const Command flow_refresh = {
    .path = "flow refresh",
    .summary = "exchange a refresh token at any OAuth 2.0 server",
    .details =
        "RFC 6749 section 6. The answer may hold another refresh token, and the old one is then used up.",
    .examples = {{"oauth2ctl flow refresh --client-id app --refresh-token-from env:REFRESH_TOKEN -o json",
                  ""}},
    .shape = token_response_shape,
    .bind = bind};

}  // namespace oauth2::cli
