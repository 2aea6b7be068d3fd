#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/commands/provider_flags.h"
#include "cli/console.h"
#include "cli/counting.h"

namespace oauth2::cli {
namespace {

Exit run(const std::string& name, Console& console) {
  const auto context = console.context();
  const store::Provider provider = federation::require_provider(context, name);
  const auto use = federation::count_provider_use(context, provider.name);
  std::string question =
      fmt::format("delete provider {} with {}", provider.name, counted(use.accounts, "linked account"));
  if (use.only_let_in > 0) {
    question += fmt::format("; {} then {} no way to sign in", counted(use.only_let_in, "user"),
                            use.only_let_in == 1 ? "has" : "have");
  }
  console.confirm(question);
  const auto result = federation::delete_provider(context, provider.name);
  console.print(with_changed(record_of(result.provider, console), result.changed));
  return Exit::done;
}

Action bind(Options& options) {
  const auto name = std::make_shared<std::string>();
  options.positional("NAME", *name, "the provider").offers(Offer::provider);
  return [name](Console& console) { return run(*name, console); };
}

}  // namespace

extern const Command provider_delete;
const Command provider_delete = {.path = "provider delete",
                                 .summary = "delete a provider with the accounts that are linked by it",
                                 .details =
                                     "Asks before, unless --yes is given. 'provider disable' can be undone, "
                                     "this cannot: people would link "
                                     "their accounts anew.",
                                 .examples = {{"oauth2ctl provider delete github", ""},
                                              {"oauth2ctl provider delete github --yes", "in a script"}},
                                 .shape = changed_provider_shape,
                                 .bind = bind};

}  // namespace oauth2::cli
