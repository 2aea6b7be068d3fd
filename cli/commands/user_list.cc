#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/users.h"

namespace oauth2::cli {
namespace {

Action bind(Options&) {
  return [](Console& console) {
    std::vector<Record> records;
    for (const auto& user : admin::list_users(console.context())) records.push_back(record_of(user));
    console.print(records);
    return Exit::done;
  };
}

}  // namespace

extern const Command user_list;
const Command user_list = {
    .path = "user list",
    .summary = "list people by username",
    .details = "",
    .examples = {{"oauth2ctl user list", ""}, {"oauth2ctl user list -o value=username", "usernames alone"}},
    .shape = user_shape,
    .bind = bind};

}  // namespace oauth2::cli
