#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/secrets.h"
#include "core/admin/password_resets.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string ref;
  std::optional<std::int64_t> expires_in;
};

constexpr std::int64_t usual_lifetime = 24 * 3600;

Exit run(const Values& values, Console& console) {
  const auto context = console.context();
  const auto link = admin::create_reset_link(context, values.ref, values.expires_in.value_or(usual_lifetime));
  if (link.user.disabled_at) console.note("the user is disabled: the link works once they are enabled");
  Record record = {{"url", link.url}, {"expires_at", link.expires_at}, {"user", link.user.username}};
  SecretFile no_file;
  console.print(console.deliver(with_changed(std::move(record), true), "url", no_file));
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("USER", values->ref, "id, username or e-mail").offers(Offer::user);
  options.duration("--expires-in", values->expires_in, "how long the link works; else a day");
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command user_reset_link;
const Command user_reset_link = {
    .path = "user reset-link",
    .summary = "make a one-time URL on which a person sets a password",
    .details =
        "For the first sign-in or a forgotten password: hand it over as a secret, it is shown once. A new "
        "link withdraws those before it.",
    .examples = {{"oauth2ctl user reset-link alice", ""},
                 {"oauth2ctl user reset-link alice --expires-in 1h -q", "only the URL"}},
    .shape = reset_link_shape,
    .bind = bind};

}  // namespace oauth2::cli
