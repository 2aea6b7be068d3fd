#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/progress.h"
#include "cli/secrets.h"
#include "core/admin/copy.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string from;
  std::string to;
};

admin::CopyResult copy(const Values& values, Console& console) {
  const Globals& globals = console.globals();
  ProgressBar bar(console.shows_progress());
  return admin::copy_database(
      console.settings().settings,
      {values.from, values.to, console.now(), console.actor(), globals.reason, globals.dry_run},
      [&](const db::CopyProgress& progress) { bar.show(progress.table, progress.done, progress.all); });
}

// A URL with a password is a secret: it may come as one does.
std::string url_from(const std::string& flag, const std::string& value, const Console& console) {
  if (value.starts_with("env:") || value.starts_with("file:")) return read_secret(flag, value);
  if (text::without_password(value) != value && !console.globals().quiet)
    console.note(fmt::format("warning: the password in {} can be read in the process list: env:NAME", flag));
  return value;
}

Exit run(const Values& given, Console& console) {
  const Values values{url_from("--from", given.from, console), url_from("--to", given.to, console)};
  if (db::same_database(values.from, values.to))
    throw UsageError("--from and --to name one database", "--to URL of a new one");
  const bool dry_run = console.globals().dry_run;
  if (dry_run) console.note("dry run: nothing is changed");
  const auto result = copy(values, console);
  std::vector<Record> records;
  for (const auto& [table, rows] : result.tables)
    records.push_back(with_changed({{"table", table}, {"rows", rows}}, rows > 0));
  console.print(records);
  console.flush();  // what follows is said about it
  if (console.globals().quiet) return Exit::done;
  if (result.only_counted)
    console.note("the target is not there yet, or not on the newest schema: the rows were only counted");
  if (result.server_key) {
    console.note(
        fmt::format("the server's key stays where it is: set server_key to file:{} for the new database",
                    *result.server_key));
  }
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options
      .value("--from", "URL", values->from,
             "the database to copy, on the newest schema; or env:NAME, file:PATH with its URL")
      .offers(Offer::file)
      .needed();
  options.value("--to", "URL", values->to, "where to, likewise: made if it is missing, else it must be empty")
      .offers(Offer::file)
      .needed();
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command db_copy;
const Command db_copy = {
    .path = "db copy",
    .summary = "move a deployment to another database",
    .details =
        "Copies all rows in one transaction, counts them on both sides, and leaves the source as it "
        "is; where it fails, the target stays empty and may be tried again. Stop the servers on the "
        "old database first: what they write after the copy began is not in it. The server's key file "
        "does not travel: set server_key to it for the new database. --db is not used.",
    .examples = {{"oauth2ctl db copy --from /var/lib/oauth2ctl/oauth2.db --to postgresql://oauth2@db/oauth2 "
                  "--dry-run",
                  "try it"},
                 {"oauth2ctl db copy --from /var/lib/oauth2ctl/oauth2.db --to postgresql://oauth2@db/oauth2",
                  ""}},
    .shape = copied_shape,
    .bind = bind};

}  // namespace oauth2::cli
