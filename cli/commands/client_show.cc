#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/clients.h"

namespace oauth2::cli {
namespace {

Action bind(Options& options) {
  const auto ref = std::make_shared<std::string>();
  options.positional("ID", *ref, "id, name, or the first 6 characters of an id or more")
      .offers(Offer::client);
  return [ref](Console& console) {
    console.print(record_of(admin::require_client(console.context(), *ref)));
    return Exit::done;
  };
}

}  // namespace

extern const Command client_show;
const Command client_show = {
    .path = "client show",
    .summary = "show one application",
    .details = "",
    .examples = {{"oauth2ctl client show ci", ""},
                 {"oauth2ctl client show ci -o value=client_id", "one field, for a script"}},
    .shape = client_shape,
    .bind = bind};

}  // namespace oauth2::cli
