#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/grants.h"

namespace oauth2::cli {
namespace {

Action bind(Options& options) {
  const auto ref = std::make_shared<std::string>();
  options.positional("ID", *ref, "id, or its first 6 characters or more").offers(Offer::grant);
  return [ref](Console& console) {
    console.print(record_of(admin::require_grant(console.context(), *ref)));
    return Exit::done;
  };
}

}  // namespace

extern const Command grant_show;
const Command grant_show = {
    .path = "grant show",
    .summary = "show what one person allowed one application",
    .details = "With how many tokens are active under it.",
    .examples = {{"oauth2ctl grant show 5mKq0d", ""}, {"oauth2ctl grant show 5mKq0d -o value=tokens", ""}},
    .shape = grant_shape,
    .bind = bind};

}  // namespace oauth2::cli
