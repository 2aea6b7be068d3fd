#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/maintenance.h"
#include "core/time.h"

namespace oauth2::cli {
namespace {

Exit run(const std::optional<std::int64_t>& older, Console& console) {
  const auto context = console.context();
  const std::int64_t seconds = older.value_or(context.settings.prune_after);
  console.confirm(
      fmt::format("delete what expired or was revoked more than {} ago", format_duration(seconds)));
  std::vector<Record> records;
  for (const auto& [table, rows] : admin::prune(context, seconds)) {
    records.push_back(with_changed({{"table", table}, {"rows", rows}}, rows > 0));
  }
  console.print(records);
  return Exit::done;
}

Action bind(Options& options) {
  const auto older = std::make_shared<std::optional<std::int64_t>>();
  options.duration("--older", *older, "dead for longer than this; else the setting prune.after");
  return [older](Console& console) { return run(*older, console); };
}

}  // namespace

extern const Command db_prune;
const Command db_prune = {
    .path = "db prune",
    .summary = "delete what expired or was revoked long ago",
    .details = "The server does it too, every prune.interval. Asks before, unless --yes is given.",
    .examples = {{"oauth2ctl db prune --dry-run", "how much it would be"},
                 {"oauth2ctl db prune --older 7d --yes", ""}},
    .shape = pruned_shape,
    .bind = bind};

}  // namespace oauth2::cli
