#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/counting.h"
#include "core/admin/users.h"

namespace oauth2::cli {
namespace {

Exit run(const std::string& ref, Console& console) {
  const auto context = console.context();
  const auto user = admin::require_user(context, ref);
  const auto belongings = admin::count_user_belongings(context, user.id);
  std::string question =
      fmt::format("delete user {} ({}) with {} and {}", user.username, user.id,
                  counted(belongings.clients, "client"), counted(belongings.tokens, "token"));
  if (belongings.remote_accounts > 0)
    question += ", and " + counted(belongings.remote_accounts, "linked account");
  console.confirm(question);
  const auto result = admin::delete_user(context, user.id);
  console.print(with_changed(record_of(result.user), result.changed));
  return Exit::done;
}

Action bind(Options& options) {
  const auto ref = std::make_shared<std::string>();
  options.positional("USER", *ref, "id, username or e-mail").offers(Offer::user);
  return [ref](Console& console) { return run(*ref, console); };
}

}  // namespace

extern const Command user_delete;
const Command user_delete = {
    .path = "user delete",
    .summary = "delete a person with their clients and tokens",
    .details = "Asks before, unless --yes is given. 'user disable' can be undone, this cannot.",
    .examples = {{"oauth2ctl user delete alice", ""}, {"oauth2ctl user delete alice --yes", "in a script"}},
    .shape = changed_user_shape,
    .bind = bind};

}  // namespace oauth2::cli
