#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/scopes.h"

namespace oauth2::cli {
namespace {

Action bind(Options&) {
  return [](Console& console) {
    std::vector<Record> records;
    for (const auto& scope : admin::list_scopes(console.context())) records.push_back(record_of(scope));
    console.print(records);
    return Exit::done;
  };
}

}  // namespace

extern const Command scope_list;
const Command scope_list = {
    .path = "scope list",
    .summary = "list scopes by group and name",
    .details = "",
    .examples = {{"oauth2ctl scope list", ""}, {"oauth2ctl scope list -q", "names alone"}},
    .shape = scope_shape,
    .bind = bind};

}  // namespace oauth2::cli
