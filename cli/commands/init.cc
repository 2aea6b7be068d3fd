#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/maintenance.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::optional<std::string> issuer;
  bool if_not_exists = false;
};

Exit run(const Values& values, Console& console) {
  const Settings& settings = console.settings().settings;
  const bool dry_run = console.globals().dry_run;
  if (dry_run) console.note("dry run: nothing is changed");
  const auto result = admin::initialise(settings, console.now(), console.actor(), values.issuer,
                                        values.if_not_exists, dry_run);
  console.print(Record{{"db", result.db},
                       {"server_key", scalar(result.server_key)},
                       {"issuer", scalar(result.issuer)},
                       {"changed", result.changed}});
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.value("--issuer", "URL", values->issuer, "the server's public address, stored for oauth2d");
  options.on("--if-not-exists", values->if_not_exists, "take a database that is there as it is");
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command init;
const Command init = {.path = "init",
                      .summary = "make the database, the server's key and the scope user:email",
                      .details = "The database is made with mode 0600, its directory with mode 0700.",
                      .examples = {{"oauth2ctl init --issuer https://auth.example.org", "at first"},
                                   {"oauth2ctl --db /srv/oauth2/oauth2.db init --if-not-exists",
                                    "in a script, as often as you like"}},
                      .shape = init_shape,
                      .bind = bind};

}  // namespace oauth2::cli
