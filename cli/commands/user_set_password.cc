#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/secrets.h"
#include "core/admin/users.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string ref;
  std::optional<std::string> password_from;
};

Exit run(const Values& values, Console& console) {
  const auto context = console.context();
  const auto user = admin::require_user(context, values.ref);
  const std::string password =
      require_secret(console, "--password-from", values.password_from, "Password", true);
  const auto result = admin::set_password(context, user.id, password);
  console.print(with_changed(record_of(result.user), result.changed));
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("USER", values->ref, "id, username or e-mail").offers(Offer::user);
  options
      .value("--password-from", "SOURCE", values->password_from, "-, env:NAME or file:PATH; else asked for")
      .offers(Offer::source);
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command user_set_password;
const Command user_set_password = {
    .path = "user set-password",
    .summary = "set a person's password",
    .details =
        "On a terminal it is asked for, twice. A password has 8 to 128 characters. The person's browser "
        "sessions and refresh tokens end.",
    .examples = {{"oauth2ctl user set-password alice", ""},
                 {"oauth2ctl user set-password alice --password-from -  < alice.password", "in a script"}},
    .shape = changed_user_shape,
    .bind = bind};

}  // namespace oauth2::cli
