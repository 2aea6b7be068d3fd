#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/clients.h"

namespace oauth2::cli {
namespace {

using Act = admin::ClientResult (*)(const admin::Context&, std::string_view ref);

template <Act act>
Action bind(Options& options) {
  const auto ref = std::make_shared<std::string>();
  options.positional("ID", *ref, "id, name, or the first 6 characters of an id or more")
      .offers(Offer::client);
  return [ref](Console& console) {
    const auto result = act(console.context(), *ref);
    console.print(with_changed(record_of(result.client), result.changed));
    return Exit::done;
  };
}

}  // namespace

extern const Command client_enable;
extern const Command client_disable;

const Command client_enable = {.path = "client enable",
                               .summary = "let a disabled application work again",
                               .details = "",
                               .examples = {{"oauth2ctl client enable ci", ""}},
                               .shape = changed_client_shape,
                               .bind = bind<admin::enable_client>};

const Command client_disable = {.path = "client disable",
                                .summary = "stop an application; its tokens are inactive until it is enabled",
                                .details = "",
                                .examples = {{"oauth2ctl client disable ci --reason 'leaked, INC-42'", ""}},
                                .shape = changed_client_shape,
                                .bind = bind<admin::disable_client>};

}  // namespace oauth2::cli
