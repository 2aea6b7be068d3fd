#include <memory>

#include "cli/command.h"
#include "cli/commands/scope_flags.h"
#include "cli/console.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string name;
  admin::ScopeFields fields;
};

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("NAME", values->name, "the scope").offers(Offer::scope);
  declare_scope_flags(options, values->fields);
  return [values](Console& console) {
    const auto result = admin::update_scope(console.context(), values->name, values->fields);
    console.print(with_changed(record_of(result.scope), result.changed));
    return Exit::done;
  };
}

}  // namespace

extern const Command scope_update;
const Command scope_update = {
    .path = "scope update",
    .summary = "change a scope's description, group or kind",
    .details = "What is not named is left alone. A scope keeps its name: tokens have it.",
    .examples = {{"oauth2ctl scope update read --description 'See your files'", ""},
                 {"oauth2ctl scope update admin --internal --no-default", ""}},
    .shape = changed_scope_shape,
    .bind = bind};

}  // namespace oauth2::cli
