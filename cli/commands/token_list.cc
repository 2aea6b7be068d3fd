#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/tokens.h"

namespace oauth2::cli {
namespace {

Exit run(const admin::TokenQuery& query, Console& console) {
  std::vector<Record> records;
  for (const auto& token : admin::list_tokens(console.context(), query)) records.push_back(record_of(token));
  console.print(records);
  return Exit::done;
}

Action bind(Options& options) {
  const auto query = std::make_shared<admin::TokenQuery>();
  options.value("--user", "USER", query->user, "only this user's").offers(Offer::user);
  options.value("--client", "CLIENT", query->client, "only this client's").offers(Offer::client);
  options.value("--kind", "KIND", query->kind, "personal, access or refresh")
      .one_of({"personal", "access", "refresh"});
  options.value("--scope", "SCOPE", query->scope, "only those with this scope").offers(Offer::scope);
  options.duration("--expiring", query->expiring_within, "only those that end within this time");
  options.duration("--unused", query->unused_for, "only those that were not used for this long");
  options.on("--all", query->all, "revoked and expired ones too");
  return [query](Console& console) { return run(*query, console); };
}

}  // namespace

extern const Command token_list;
const Command token_list = {
    .path = "token list",
    .summary = "list tokens, newest first",
    .details = "Only those that are active, unless --all is given. The tokens themselves are not stored.",
    .examples = {{"oauth2ctl token list --user alice", ""},
                 {"oauth2ctl token list --expiring 7d -o csv", "what ends within a week"},
                 {"oauth2ctl token list --kind personal --unused 90d -q", "ids of what nobody uses"}},
    .shape = token_shape,
    .bind = bind};

}  // namespace oauth2::cli
