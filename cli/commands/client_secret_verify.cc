#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/secrets.h"
#include "core/admin/clients.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string ref;
  std::optional<std::string> secret_from;
};

Exit run(const Values& values, Console& console) {
  const auto context = console.context();
  const auto client = admin::require_client(context, values.ref);
  const std::string secret = require_secret(console, "--secret-from", values.secret_from, "Secret", false);
  const bool active = admin::verify_client_secret(context, client.id, secret);
  console.print(Record{{"client_id", client.id}, {"active", active}});
  if (active) return Exit::done;
  console.flush();
  throw CommandError(Exit::inactive, client.is_disabled() ? "the client, or its owner, is disabled"
                                                          : "the secret is not valid for this client");
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("ID", values->ref, "the client").offers(Offer::client);
  options.value("--secret-from", "SOURCE", values->secret_from, "-, env:NAME or file:PATH; else asked for")
      .offers(Offer::source);
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command client_secret_verify;
const Command client_secret_verify = {
    .path = "client secret verify",
    .summary = "tell whether a secret is valid: exit code 0, or 6",
    .details = "",
    .examples = {{"oauth2ctl client secret verify ci --secret-from file:ci.secret", ""}},
    .shape = verified_secret_shape,
    .bind = bind};

}  // namespace oauth2::cli
