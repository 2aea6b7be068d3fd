#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/users.h"

namespace oauth2::cli {
namespace {

using Act = admin::UserResult (*)(const admin::Context&, std::string_view ref);

template <Act act>
Action bind(Options& options) {
  const auto ref = std::make_shared<std::string>();
  options.positional("USER", *ref, "id, username or e-mail").offers(Offer::user);
  return [ref](Console& console) {
    const auto result = act(console.context(), *ref);
    console.print(with_changed(record_of(result.user), result.changed));
    return Exit::done;
  };
}

}  // namespace

extern const Command user_enable;
extern const Command user_disable;

const Command user_enable = {.path = "user enable",
                             .summary = "let a disabled person in again",
                             .details = "",
                             .examples = {{"oauth2ctl user enable alice", ""}},
                             .shape = changed_user_shape,
                             .bind = bind<admin::enable_user>};

const Command user_disable = {
    .path = "user disable",
    .summary = "keep a person out; their tokens and clients are inactive until they are enabled",
    .details = "Their browser sessions end and do not come back.",
    .examples = {{"oauth2ctl user disable alice --reason 'left in May'", ""}},
    .shape = changed_user_shape,
    .bind = bind<admin::disable_user>};

}  // namespace oauth2::cli
