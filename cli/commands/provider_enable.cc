#include <memory>

#include "cli/command.h"
#include "cli/commands/provider_flags.h"
#include "cli/console.h"

namespace oauth2::cli {
namespace {

using Act = federation::ProviderResult (*)(const admin::Context&, std::string_view name);

template <Act act>
Action bind(Options& options) {
  const auto name = std::make_shared<std::string>();
  options.positional("NAME", *name, "the provider").offers(Offer::provider);
  return [name](Console& console) {
    const auto result = act(console.context(), *name);
    console.print(with_changed(record_of(result.provider, console), result.changed));
    return Exit::done;
  };
}

}  // namespace

extern const Command provider_enable;
extern const Command provider_disable;

const Command provider_enable = {.path = "provider enable",
                                 .summary = "let people sign in with a disabled provider again",
                                 .details = "",
                                 .examples = {{"oauth2ctl provider enable github", ""}},
                                 .shape = changed_provider_shape,
                                 .bind = bind<federation::enable_provider>};

const Command provider_disable = {
    .path = "provider disable",
    .summary = "stop signing in with a provider; linked accounts stay for when it is enabled",
    .details = "Who is signed in stays so: 'session revoke' ends that.",
    .examples = {{"oauth2ctl provider disable github --reason 'INC-42'", ""}},
    .shape = changed_provider_shape,
    .bind = bind<federation::disable_provider>};

}  // namespace oauth2::cli
