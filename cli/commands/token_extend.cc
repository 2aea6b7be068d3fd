#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/tokens.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string ref;
  Lifetime expires_in;
};

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("ID", values->ref, "a personal token").offers(Offer::token);
  options.lifetime("--expires-in", values->expires_in, "how long it is valid from now on, or never: for ever")
      .needed();
  return [values](Console& console) {
    const auto result = admin::extend_token(console.context(), values->ref, values->expires_in.seconds);
    console.print(with_changed(record_of(result.token), result.changed));
    return Exit::done;
  };
}

}  // namespace

extern const Command token_extend;
const Command token_extend = {.path = "token extend",
                              .summary = "let a personal token end later, or sooner",
                              .details = "",
                              .examples = {{"oauth2ctl token extend laptop --expires-in 90d", ""}},
                              .shape = changed_token_shape,
                              .bind = bind};

}  // namespace oauth2::cli
