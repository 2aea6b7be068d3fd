#include "cli/command.h"
#include "cli/console.h"

namespace oauth2::cli {
namespace {

Exit run(Console& console) {
  console.look_for_stored_issuer();
  if (console.issuer_warning()) console.note("warning: " + *console.issuer_warning());
  const LoadedSettings& loaded = console.settings();
  std::vector<Record> records;
  for (const Setting& setting : all_settings()) {
    const auto source = loaded.source.find(setting.name);
    records.push_back({{"name", std::string(setting.name)},
                       {"value", setting_text(loaded.settings, setting)},
                       {"source", source == loaded.source.end() ? Scalar() : Scalar(source->second)}});
  }
  if (console.format() == Format::table && !console.globals().quiet && !loaded.config_file.empty()) {
    console.note("file: " + loaded.config_file);
  }
  console.print(records);
  return Exit::done;
}

Action bind(Options&) { return run; }

}  // namespace

extern const Command config_show;
const Command config_show = {
    .path = "config show",
    .summary = "show every setting with its value and where that comes from",
    .details = "The source is flag, environment, file or default; database for an issuer that 'init' stored.",
    .examples = {{"oauth2ctl config show", ""},
                 {"oauth2ctl --config /etc/oauth2ctl/test.toml config show", ""}},
    .shape = setting_shape,
    .bind = bind};

}  // namespace oauth2::cli
