#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/grants.h"

namespace oauth2::cli {
namespace {

Exit run(const admin::GrantQuery& query, Console& console) {
  std::vector<Record> records;
  for (const auto& grant : admin::list_grants(console.context(), query)) records.push_back(record_of(grant));
  console.print(records);
  return Exit::done;
}

Action bind(Options& options) {
  const auto query = std::make_shared<admin::GrantQuery>();
  options.value("--user", "USER", query->user, "only what this user allowed").offers(Offer::user);
  options.value("--client", "CLIENT", query->client, "only what this client was allowed")
      .offers(Offer::client);
  return [query](Console& console) { return run(*query, console); };
}

}  // namespace

extern const Command grant_list;
const Command grant_list = {.path = "grant list",
                            .summary = "list what people allowed applications, newest first",
                            .details = "With how many tokens are active under each.",
                            .examples = {{"oauth2ctl grant list --user alice", ""},
                                         {"oauth2ctl grant list --client wiki -o value=user", "who uses it"}},
                            .shape = grant_shape,
                            .bind = bind};

}  // namespace oauth2::cli
