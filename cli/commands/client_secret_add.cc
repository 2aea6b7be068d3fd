#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/secrets.h"
#include "core/admin/clients.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string ref;
  Lifetime expires_in;
  std::optional<std::string> secret_out;
};

Exit run(const Values& values, Console& console) {
  SecretFile file;
  if (values.secret_out) file.open(*values.secret_out, console.globals().dry_run);
  const auto result = admin::add_client_secret(console.context(), values.ref, values.expires_in.seconds);
  Record record = with_client_secret(record_of(result.record), result.secret, result.record.expires_at);
  console.print(console.deliver(with_changed(std::move(record), true), "client_secret", file));
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("ID", values->ref, "the client").offers(Offer::client);
  options.lifetime("--expires-in", values->expires_in, "how long it is valid; else, or with never, for ever");
  options.value("--secret-out", "file:PATH", values->secret_out, "write it to a fresh file of mode 0600")
      .offers(Offer::destination);
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command client_secret_add;
const Command client_secret_add = {
    .path = "client secret add",
    .summary = "give an application one more secret",
    .details = "The others stay valid. The secret is shown once.",
    .examples = {{"oauth2ctl client secret add ci --expires-in 90d", ""},
                 {"oauth2ctl client secret add ci --secret-out file:ci.secret", "never on the screen"}},
    .shape = new_client_secret_shape,
    .bind = bind};

}  // namespace oauth2::cli
