#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/federation/accounts.h"

namespace oauth2::cli {
namespace {

Exit run(const federation::AccountQuery& query, Console& console) {
  std::vector<Record> records;
  for (const auto& account : federation::list_accounts(console.context(), query))
    records.push_back(record_of(account));
  console.print(records);
  return Exit::done;
}

Action bind(Options& options) {
  const auto query = std::make_shared<federation::AccountQuery>();
  options.value("--user", "USER", query->user, "only this user's").offers(Offer::user);
  options.value("--provider", "NAME", query->provider, "only those at this provider").offers(Offer::provider);
  return [query](Console& console) { return run(*query, console); };
}

}  // namespace

extern const Command account_list;
const Command account_list = {.path = "account list",
                              .summary = "list the accounts elsewhere that are linked to users, by user",
                              .details = "",
                              .examples = {{"oauth2ctl account list --user alice", ""},
                                           {"oauth2ctl account list --provider orcid -o csv", ""}},
                              .shape = account_shape,
                              .bind = bind};

}  // namespace oauth2::cli
