#include <memory>

#include "cli/command.h"
#include "cli/commands/scope_flags.h"
#include "cli/console.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string name;
  admin::ScopeFields fields;
  IfExistsFlags if_exists;
};

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("NAME", values->name, "what clients ask for, such as read or repo:write");
  declare_scope_flags(options, values->fields);
  values->if_exists.declare(options);
  return [values](Console& console) {
    const auto if_exists = values->if_exists.choice();
    const auto result = admin::create_scope(console.context(), values->name, values->fields, if_exists);
    console.print(with_changed(record_of(result.scope), result.changed));
    return Exit::done;
  };
}

}  // namespace

extern const Command scope_create;
const Command scope_create = {
    .path = "scope create",
    .summary = "add something that tokens may be allowed",
    .details = "",
    .examples = {{"oauth2ctl scope create read --description 'See your data'", ""},
                 {"oauth2ctl scope create repo:write --group repo --if-not-exists", "in a script"}},
    .shape = changed_scope_shape,
    .bind = bind};

}  // namespace oauth2::cli
