#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/clients.h"

namespace oauth2::cli {
namespace {

Action bind(Options& options) {
  const auto ref = std::make_shared<std::string>();
  options.positional("ID", *ref, "the client").offers(Offer::client);
  return [ref](Console& console) {
    std::vector<Record> records;
    for (const auto& secret : admin::list_client_secrets(console.context(), *ref)) {
      records.push_back(record_of(secret));
    }
    console.print(records);
    return Exit::done;
  };
}

}  // namespace

extern const Command client_secret_list;
const Command client_secret_list = {
    .path = "client secret list",
    .summary = "list an application's secrets by their ids, oldest first",
    .details = "The secrets themselves are not stored, so they are never shown.",
    .examples = {{"oauth2ctl client secret list ci", ""}},
    .shape = client_secret_shape,
    .bind = bind};

}  // namespace oauth2::cli
