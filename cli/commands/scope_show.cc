#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/scopes.h"

namespace oauth2::cli {
namespace {

Action bind(Options& options) {
  const auto name = std::make_shared<std::string>();
  options.positional("NAME", *name, "the scope").offers(Offer::scope);
  return [name](Console& console) {
    console.print(record_of(admin::require_scope(console.context(), *name)));
    return Exit::done;
  };
}

}  // namespace

extern const Command scope_show;
const Command scope_show = {.path = "scope show",
                            .summary = "show one scope",
                            .details = "",
                            .examples = {{"oauth2ctl scope show user:email", ""}},
                            .shape = scope_shape,
                            .bind = bind};

}  // namespace oauth2::cli
