#include "cli/command.h"
#include "cli/commands/provider_flags.h"
#include "cli/console.h"

namespace oauth2::cli {
namespace {

Exit run(Console& console) {
  std::vector<Record> records;
  for (const auto& provider : federation::list_providers(console.context()))
    records.push_back(record_of(provider, console));
  console.print(records);
  return Exit::done;
}

Action bind(Options&) { return run; }

}  // namespace

extern const Command provider_list;
const Command provider_list = {
    .path = "provider list",
    .summary = "list the providers by name",
    .details = "",
    .examples = {{"oauth2ctl provider list", ""}, {"oauth2ctl provider list -q", "their names alone"}},
    .shape = provider_shape,
    .bind = bind};

}  // namespace oauth2::cli
