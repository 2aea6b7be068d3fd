#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/sessions.h"

namespace oauth2::cli {
namespace {

Exit run(const admin::SessionQuery& query, Console& console) {
  std::vector<Record> records;
  for (const auto& session : admin::list_sessions(console.context(), query)) {
    records.push_back(record_of(session));
  }
  console.print(records);
  return Exit::done;
}

Action bind(Options& options) {
  const auto query = std::make_shared<admin::SessionQuery>();
  options.value("--user", "USER", query->user, "only this user's").offers(Offer::user);
  options.on("--all", query->all, "revoked and expired ones, and browsers where nobody signed in, too");
  return [query](Console& console) { return run(*query, console); };
}

}  // namespace

extern const Command session_list;
const Command session_list = {
    .path = "session list",
    .summary = "list the browsers in which people are signed in, newest first",
    .details = "Only those that are active, unless --all is given.",
    .examples = {{"oauth2ctl session list --user alice", ""},
                 {"oauth2ctl session list --all -o csv", "those that have ended, too"}},
    .shape = session_shape,
    .bind = bind};

}  // namespace oauth2::cli
