#include <memory>

#include "cli/command.h"
#include "cli/commands/client_flags.h"
#include "cli/console.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string ref;
  admin::ClientFields fields;
};

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("ID", values->ref, "id, name, or the first 6 characters of an id or more")
      .offers(Offer::client);
  options.value("--name", "NAME", values->fields.name, "another name");
  declare_client_flags(options, values->fields);
  return [values](Console& console) {
    const auto result = admin::update_client(console.context(), values->ref, values->fields);
    console.print(with_changed(record_of(result.client), result.changed));
    return Exit::done;
  };
}

}  // namespace

extern const Command client_update;
const Command client_update = {
    .path = "client update",
    .summary = "change an application",
    .details =
        "What is not named is left alone. A list is replaced as a whole; \"\" empties it, or takes a text "
        "or a lifetime away: the server's setting counts then.",
    .examples = {{"oauth2ctl client update ci --scope read --scope write", "its scopes are these two now"},
                 {"oauth2ctl client update ci --description '' --no-internal", ""},
                 {"oauth2ctl client update ci --access-token-ttl ''",
                  "as long as the server's setting says"}},
    .shape = changed_client_shape,
    .bind = bind};

}  // namespace oauth2::cli
