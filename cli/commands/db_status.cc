#include <charconv>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/maintenance.h"

namespace oauth2::cli {
namespace {

Scalar fact(const std::vector<std::pair<std::string, std::string>>& facts, std::string_view name) {
  for (const auto& [key, value] : facts) {
    if (key == name) return value;
  }
  return {};
}

Scalar number_fact(const std::vector<std::pair<std::string, std::string>>& facts, std::string_view name) {
  const Scalar text = fact(facts, name);
  const auto* digits = std::get_if<std::string>(&text);
  std::int64_t number = 0;
  if (!digits || std::from_chars(digits->data(), digits->data() + digits->size(), number).ec != std::errc())
    return {};
  return number;
}

Exit run(Console& console) {
  db::Options options;
  options.any_schema = true;
  const auto context = console.context(options);
  const auto status = admin::schema_status(context.db);
  const auto facts = context.db.facts();
  console.print(Record{{"db", context.db.url()},
                       {"engine", fact(facts, "engine")},
                       {"path", fact(facts, "path")},
                       {"size", number_fact(facts, "size")},
                       {"journal_mode", fact(facts, "journal_mode")},
                       {"schema_version", status.version},
                       {"newest_version", status.newest},
                       {"pending", status.pending},
                       {"read_only", context.db.read_only()}});
  if (!status.pending.empty() && !console.globals().quiet)
    console.note("migrations are pending: oauth2ctl db migrate");
  return Exit::done;
}

Action bind(Options&) { return run; }

}  // namespace

extern const Command db_status;
const Command db_status = {
    .path = "db status",
    .summary = "show where the database is, how big, and which schema it has",
    .details = "",
    .examples = {{"oauth2ctl db status", ""}, {"oauth2ctl db status -o value=pending", "empty: up to date"}},
    .shape = database_shape,
    .bind = bind};

}  // namespace oauth2::cli
