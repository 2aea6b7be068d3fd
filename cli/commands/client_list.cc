#include <memory>

#include "cli/command.h"
#include "cli/commands/client_flags.h"
#include "cli/console.h"

namespace oauth2::cli {
namespace {

Exit run(const admin::ClientQuery& query, Console& console) {
  std::vector<Record> records;
  for (const auto& client : admin::list_clients(console.context(), query))
    records.push_back(record_of(client));
  console.print(records);
  return Exit::done;
}

Action bind(Options& options) {
  const auto query = std::make_shared<admin::ClientQuery>();
  options.value("--owner", "USER", query->owner, "only this user's").offers(Offer::user);
  options.value("--grant", "GRANT", query->grant_type, "only those with this grant").one_of(grant_choices());
  options.on("--disabled", query->only_disabled, "only disabled ones");
  return [query](Console& console) { return run(*query, console); };
}

}  // namespace

extern const Command client_list;
const Command client_list = {.path = "client list",
                             .summary = "list applications by name",
                             .details = "",
                             .examples = {{"oauth2ctl client list", ""},
                                          {"oauth2ctl client list --owner alice -o json", ""},
                                          {"oauth2ctl client list --disabled -q", "their ids alone"}},
                             .shape = client_shape,
                             .bind = bind};

}  // namespace oauth2::cli
