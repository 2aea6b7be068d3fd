#include <memory>

#include "cli/command.h"
#include "cli/commands/user_flags.h"
#include "cli/console.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string ref;
  admin::UserFields fields;
};

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("USER", values->ref, "id, username or e-mail").offers(Offer::user);
  options.value("--username", "USERNAME", values->fields.username, "another username");
  declare_user_flags(options, values->fields);
  return [values](Console& console) {
    const auto result = admin::update_user(console.context(), values->ref, values->fields);
    console.print(with_changed(record_of(result.user), result.changed));
    return Exit::done;
  };
}

}  // namespace

extern const Command user_update;
const Command user_update = {
    .path = "user update",
    .summary = "change a person's names or e-mail",
    .details =
        "What is not named is left alone; \"\" takes a text away. Another address is not verified any more.",
    .examples = {{"oauth2ctl user update alice --email alice@example.com --email-verified", ""}},
    .shape = changed_user_shape,
    .bind = bind};

}  // namespace oauth2::cli
