#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/maintenance.h"

namespace oauth2::cli {
namespace {

Exit run(Console& console) {
  db::Options options;
  options.any_schema = true;
  const auto context = console.context(options);
  const auto before = admin::schema_status(context.db);
  if (before.version == 0) {
    throw db::Error(db::Error::Kind::not_initialised, context.db.url() + " holds no tables yet",
                    "oauth2ctl init");
  }
  if (!context.db.dry_run()) admin::migrate(context);
  console.print(Record{{"db", context.db.url()},
                       {"schema_version", before.newest},
                       {"applied", before.pending},
                       {"changed", !before.pending.empty()}});
  return Exit::done;
}

Action bind(Options&) { return run; }

}  // namespace

extern const Command db_migrate;
const Command db_migrate = {
    .path = "db migrate",
    .summary = "bring the database's schema up to date",
    .details = "Each step is one transaction. A database that is up to date is left alone.",
    .examples = {{"oauth2ctl db migrate --dry-run", "what is pending"}, {"oauth2ctl db migrate", ""}},
    .shape = migrated_shape,
    .bind = bind};

}  // namespace oauth2::cli
