#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/scopes.h"

namespace oauth2::cli {
namespace {

Exit run(const std::string& name, Console& console) {
  const auto context = console.context();
  const auto scope = admin::require_scope(context, name);
  console.confirm(fmt::format("delete scope {}", scope.name));
  const auto result = admin::delete_scope(context, scope.name);
  console.print(with_changed(record_of(result.scope), result.changed));
  return Exit::done;
}

Action bind(Options& options) {
  const auto name = std::make_shared<std::string>();
  options.positional("NAME", *name, "the scope").offers(Offer::scope);
  return [name](Console& console) { return run(*name, console); };
}

}  // namespace

extern const Command scope_delete;
const Command scope_delete = {.path = "scope delete",
                              .summary = "delete a scope that no client and no live token has",
                              .details = "Asks before, unless --yes is given.",
                              .examples = {{"oauth2ctl scope delete read --yes", ""}},
                              .shape = changed_scope_shape,
                              .bind = bind};

}  // namespace oauth2::cli
