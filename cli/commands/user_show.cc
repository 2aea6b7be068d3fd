#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/users.h"

namespace oauth2::cli {
namespace {

Action bind(Options& options) {
  const auto ref = std::make_shared<std::string>();
  options.positional("USER", *ref, "id, username or e-mail").offers(Offer::user);
  return [ref](Console& console) {
    console.print(record_of(admin::require_user(console.context(), *ref)));
    return Exit::done;
  };
}

}  // namespace

extern const Command user_show;
const Command user_show = {
    .path = "user show",
    .summary = "show one person",
    .details = "",
    .examples = {{"oauth2ctl user show alice", ""}, {"oauth2ctl user show alice@example.org -o json", ""}},
    .shape = user_shape,
    .bind = bind};

}  // namespace oauth2::cli
