#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/tokens.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string ref;
  std::optional<std::string> name;
  std::optional<std::vector<std::string>> scope;
};

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("ID", values->ref, "a personal token").offers(Offer::token);
  options.value("--name", "NAME", values->name, "another name");
  options.words("--scope", "SCOPE", values->scope, "what it may do from now on").offers(Offer::scope);
  return [values](Console& console) {
    const auto result = admin::update_token(console.context(), values->ref, values->name, values->scope);
    console.print(with_changed(record_of(result.token), result.changed));
    return Exit::done;
  };
}

}  // namespace

extern const Command token_update;
const Command token_update = {
    .path = "token update",
    .summary = "change a personal token's name or scope",
    .details = "What is not named is left alone. The token itself stays the same.",
    .examples = {{"oauth2ctl token update laptop --name desktop", ""},
                 {"oauth2ctl token update laptop --scope read", "no more than that from now on"}},
    .shape = changed_token_shape,
    .bind = bind};

}  // namespace oauth2::cli
