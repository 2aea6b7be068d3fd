#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/counting.h"
#include "core/admin/clients.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

Exit run(const std::string& ref, Console& console) {
  const auto context = console.context();
  const store::Client client = admin::require_client(context, ref);
  console.confirm(fmt::format("delete client {} ({}) with {}", text::escape_controls(client.name), client.id,
                              counted(admin::count_client_tokens(context, client.id), "token")));
  const auto result = admin::delete_client(context, client.id);
  console.print(with_changed(record_of(result.client), result.changed));
  return Exit::done;
}

Action bind(Options& options) {
  const auto ref = std::make_shared<std::string>();
  options.positional("ID", *ref, "id, name, or the first 6 characters of an id or more")
      .offers(Offer::client);
  return [ref](Console& console) { return run(*ref, console); };
}

}  // namespace

extern const Command client_delete;
const Command client_delete = {
    .path = "client delete",
    .summary = "delete an application with its secrets and tokens",
    .details = "Asks before, unless --yes is given. 'client disable' can be undone, this cannot.",
    .examples = {{"oauth2ctl client delete ci", ""}, {"oauth2ctl client delete ci --yes", "in a script"}},
    .shape = changed_client_shape,
    .bind = bind};

}  // namespace oauth2::cli
