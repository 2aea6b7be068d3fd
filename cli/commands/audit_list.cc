#include <chrono>
#include <memory>
#include <thread>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/maintenance.h"

namespace oauth2::cli {
namespace {

constexpr std::chrono::milliseconds follow_pause{500};

struct Values {
  store::AuditFilter filter;
  bool follow = false;
};

std::vector<Record> next_entries(store::AuditFilter& filter, const admin::Context& context) {
  std::vector<Record> records;
  for (const auto& entry : admin::list_audit(context, filter)) {
    records.push_back(record_of(entry));
    filter.after_id = entry.id;
  }
  return records;
}

Exit run(Values& values, Console& console) {
  const Format format = console.format();
  if (values.follow && format != Format::table && format != Format::jsonl && format != Format::value) {
    throw UsageError("--follow never ends: it needs a format that goes line by line",
                     "-o table, jsonl or value=FIELD");
  }
  const auto context = console.context();
  auto records = next_entries(values.filter, context);
  if (!values.follow || !records.empty()) console.print(records);
  while (values.follow) {
    console.flush();
    std::this_thread::sleep_for(follow_pause);
    records = next_entries(values.filter, context);
    if (!records.empty()) console.print(records);
  }
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.time("--since", values->filter.since, "only what is newer: a duration ago or RFC 3339");
  options.value("--actor", "ACTOR", values->filter.actor, "only what this one did: os:root, or root");
  options.value("--object", "OBJECT", values->filter.object,
                "only what was done to it: client:ID, user:ID, token:ID …");
  options.on("--follow", values->follow, "go on printing what comes, until interrupted");
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command audit_list;
const Command audit_list = {
    .path = "audit list",
    .summary = "list who changed what, oldest first",
    .details = "",
    .examples = {{"oauth2ctl audit list --since 1d", ""},
                 {"oauth2ctl audit list --follow -o jsonl", "a line of JSON for each, as it comes"}},
    .shape = audit_shape,
    .bind = bind};

}  // namespace oauth2::cli
