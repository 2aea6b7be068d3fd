#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/tokens.h"

namespace oauth2::cli {
namespace {

Action bind(Options& options) {
  const auto ref = std::make_shared<std::string>();
  options.positional("ID", *ref, "id, name, or the first 6 characters of an id or more").offers(Offer::token);
  return [ref](Console& console) {
    console.print(record_of(admin::require_token(console.context(), *ref)));
    return Exit::done;
  };
}

}  // namespace

extern const Command token_show;
const Command token_show = {.path = "token show",
                            .summary = "show one token, by its id or name",
                            .details = "",
                            .examples = {{"oauth2ctl token show laptop", ""},
                                         {"oauth2ctl token show laptop -o value=expires_at", ""}},
                            .shape = token_shape,
                            .bind = bind};

}  // namespace oauth2::cli
