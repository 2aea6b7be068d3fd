#include <memory>

#include "cli/command.h"
#include "cli/flow/flags.h"

namespace oauth2::cli {
namespace {

Exit run(const FlowFlags& flags, Console& console) {
  const Remote remote = open_remote(flags, console);
  const std::string endpoint = require_endpoint(remote.server.token_endpoint, "token_endpoint");
  const Form form = with_scope(flags, {{"grant_type", "client_credentials"}});
  print_tokens(flags, post(remote, endpoint, form), console);
  return Exit::done;
}

Action bind(Options& options) {
  const auto flags = std::make_shared<FlowFlags>();
  flags->declare(options);
  return [flags](Console& console) { return run(*flags, console); };
}

}  // namespace

extern const Command flow_client_credentials;
const Command flow_client_credentials = {
    .path = "flow client-credentials",
    .summary = "get a token for the client itself, from any OAuth 2.0 server",
    .details =
        "RFC 6749 section 4.4. Finds the endpoint by the server's metadata (RFC 8414); needs no database.",
    .examples = {{"oauth2ctl flow client-credentials --issuer https://auth.example.org --client-id ci "
                  "--secret-from file:s",
                  ""},
                 {"curl -H \"$(oauth2ctl flow client-credentials --client-id ci --header)\" "
                  "https://api.example.org/",
                  "with the secret in OAUTH2_CLIENT_SECRET"}},
    .shape = token_response_shape,
    .bind = bind};

}  // namespace oauth2::cli
