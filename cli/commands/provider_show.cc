#include <memory>

#include "cli/command.h"
#include "cli/commands/provider_flags.h"
#include "cli/console.h"

namespace oauth2::cli {
namespace {

Action bind(Options& options) {
  const auto name = std::make_shared<std::string>();
  options.positional("NAME", *name, "the provider").offers(Offer::provider);
  return [name](Console& console) {
    console.print(record_of(federation::require_provider(console.context(), *name), console));
    return Exit::done;
  };
}

}  // namespace

extern const Command provider_show;
const Command provider_show = {
    .path = "provider show",
    .summary = "show one provider, with all that its preset says",
    .details = "The secret is shown nowhere. URLs that OpenID Connect discovery finds are not known here.",
    .examples = {{"oauth2ctl provider show github", ""},
                 {"oauth2ctl provider show github -o value=redirect_uri", "what to register there"}},
    .shape = provider_shape,
    .bind = bind};

}  // namespace oauth2::cli
