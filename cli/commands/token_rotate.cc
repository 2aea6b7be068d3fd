#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/secrets.h"
#include "core/admin/tokens.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string ref;
  std::optional<std::int64_t> overlap;
  std::optional<std::string> secret_out;
};

Exit run(const Values& values, Console& console) {
  SecretFile file;
  if (values.secret_out) file.open(*values.secret_out, console.globals().dry_run);
  const auto result = admin::rotate_token(console.context(), values.ref, values.overlap);
  Record record = with_changed(with(record_of(result.token), "token", scalar(result.secret)), result.changed);
  console.print(console.deliver(std::move(record), "token", file));
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("ID", values->ref, "a personal token").offers(Offer::token);
  options.duration("--overlap", values->overlap, "how long the old one stays valid; else it ends now");
  options
      .value("--secret-out", "file:PATH", values->secret_out, "write the token to a fresh file of mode 0600")
      .offers(Offer::destination);
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command token_rotate;
const Command token_rotate = {
    .path = "token rotate",
    .summary = "replace a personal token by a new one of the same name, scope and life",
    .details = "The new one is shown once.",
    .examples = {{"oauth2ctl token rotate laptop --overlap 1h", "time to put the new one in place"},
                 {"oauth2ctl token rotate laptop -q", "prints the new token alone"}},
    .shape = new_token_shape,
    .bind = bind};

}  // namespace oauth2::cli
