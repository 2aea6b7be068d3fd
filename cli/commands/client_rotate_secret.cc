#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/secrets.h"
#include "core/admin/clients.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string ref;
  std::optional<std::int64_t> overlap;
  std::optional<std::string> secret_out;
};

Exit run(const Values& values, Console& console) {
  const auto context = console.context();
  const auto client = admin::require_client(context, values.ref);
  SecretFile file;
  if (values.secret_out) file.open(*values.secret_out, console.globals().dry_run);
  if (!values.overlap) {
    console.confirm(
        fmt::format("end all secrets of client {} ({}) now, so that it fails until it has the new one",
                    text::escape_controls(client.name), client.id));
  }
  const auto result = admin::rotate_client_secret(context, client.id, values.overlap);
  Record record = with_client_secret(record_of(result.record), result.secret, result.record.expires_at);
  console.print(console.deliver(with_changed(std::move(record), true), "client_secret", file));
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("ID", values->ref, "the client").offers(Offer::client);
  options.duration("--overlap", values->overlap, "how long the old ones stay valid; else they end now");
  options
      .value("--secret-out", "file:PATH", values->secret_out,
             "write the new one to a fresh file of mode 0600")
      .offers(Offer::destination);
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command client_rotate_secret;
const Command client_rotate_secret = {
    .path = "client rotate-secret",
    .summary = "give an application a new secret in place of all it has",
    .details = "Without --overlap the old ones end now, and it asks before. The new one is shown once.",
    .examples = {{"oauth2ctl client rotate-secret ci --overlap 1d", "time to deploy the new one"},
                 {"oauth2ctl client rotate-secret ci --yes -q", "in a script: prints the secret alone"}},
    .shape = new_client_secret_shape,
    .bind = bind};

}  // namespace oauth2::cli
