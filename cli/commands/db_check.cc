#include <fmt/format.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/counting.h"

namespace oauth2::cli {
namespace {

Exit run(Console& console) {
  const auto context = console.context();
  std::vector<Record> records;
  for (const std::string& problem : context.db.check()) records.push_back({{"problem", problem}});
  console.print(records);
  if (records.empty()) return Exit::done;
  console.flush();
  throw CommandError(Exit::failed,
                     fmt::format("{} has {}", context.db.url(),
                                 counted(static_cast<std::int64_t>(records.size()), "problem")),
                     "stop the server and restore a backup");
}

Action bind(Options&) { return run; }

}  // namespace

extern const Command db_check;
const Command db_check = {
    .path = "db check",
    .summary = "look for damage in the database: exit code 0, or 1 with a list of problems",
    .details = "",
    .examples = {{"oauth2ctl db check", ""}},
    .shape = problem_shape,
    .bind = bind};

}  // namespace oauth2::cli
