#include "cli/command.h"
#include "cli/console.h"
#include "core/db/migrate.h"
#include "core/version.h"

namespace oauth2::cli {
namespace {

Exit run(Console& console) {
  const auto& known = db::migrations();
  if (console.format() == Format::table && !console.globals().quiet) {
    console.print_text(std::string("oauth2ctl ") + version + "\n");
    return Exit::done;
  }
  console.print(Record{{"name", std::string("oauth2ctl")},
                       {"version", std::string(version)},
                       {"schema_version", known.empty() ? std::int64_t{0} : known.back().version}});
  return Exit::done;
}

Action bind(Options&) { return run; }

}  // namespace

extern const Command version_show;
const Command version_show = {.path = "version",
                              .summary = "print which version this is",
                              .details = "",
                              .examples = {{"oauth2ctl version", ""}},
                              .shape = version_shape,
                              .bind = bind};

}  // namespace oauth2::cli
