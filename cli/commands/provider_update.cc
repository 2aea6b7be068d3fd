#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/commands/provider_flags.h"
#include "cli/console.h"
#include "cli/counting.h"
#include "cli/secrets.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string name;
  ProviderFlags flags;
};

Exit run(Values& values, Console& console) {
  values.flags.read_icon();
  if (values.flags.secret_from)
    values.flags.fields.secret = read_secret("--secret-from", *values.flags.secret_from);
  const auto result = federation::update_provider(console.context(), values.name, values.flags.fields);
  if (result.stranded > 0) {
    console.note(fmt::format("warning: {} stay linked: who somebody is must be the same at the new place",
                             counted(result.stranded, "account")));
  }
  console.print(with_changed(record_of(result.provider, console), result.changed));
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("NAME", values->name, "the provider").offers(Offer::provider);
  values->flags.declare(options);
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command provider_update;
const Command provider_update = {
    .path = "provider update",
    .summary = "change a provider",
    .details = "What is not named is left alone; \"\" is the preset's again. The preset itself stays.",
    .examples = {{"oauth2ctl provider update github --secret-from file:new.secret", "after a rotation there"},
                 {"oauth2ctl provider update uni --no-trust-email --title 'University'", ""}},
    .shape = changed_provider_shape,
    .bind = bind};

}  // namespace oauth2::cli
