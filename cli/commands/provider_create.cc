#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/commands/provider_flags.h"
#include "cli/console.h"
#include "cli/secrets.h"
#include "core/federation/presets.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string name;
  std::string preset;
  ProviderFlags flags;
  IfExistsFlags if_exists;
};

Exit run(Values& values, Console& console) {
  values.flags.read_icon();
  federation::NewProvider wanted{values.name, values.preset, values.flags.fields, values.if_exists.choice()};
  wanted.fields.secret = require_secret(console, "--secret-from", values.flags.secret_from, "Secret", false);
  const auto result = federation::create_provider(console.context(), wanted);
  console.print(with_changed(record_of(result.provider, console), result.changed));
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("NAME", values->name, "stands in URLs: a-z, 0-9 and -");
  options.value("--preset", "PRESET", values->preset, "which service it is, see above")
      .one_of(preset_names())
      .needed();
  values->flags.declare(options);
  values->if_exists.declare(options);
  return [values](Console& console) { return run(*values, console); };
}

// With what each preset is for.
std::string_view details() {
  static const std::string text = [] {
    std::string made =
        "Register this server there first, with the redirect URI ISSUER/oauth/authorized/NAME; what it gives "
        "is the client id and the secret. The preset knows the service's URLs, and each can be overridden.";
    std::string_view joint = " Presets: ";
    for (const auto& preset : federation::all_presets()) {
      made += fmt::format("{}{} ({})", joint, preset.name, preset.summary);
      joint = ", ";
    }
    return made + ".";
  }();
  return text;
}

}  // namespace

extern const Command provider_create;
const Command provider_create = {
    .path = "provider create",
    .summary = "let people sign in with an account that they have elsewhere",
    .details = details(),
    .examples = {{"oauth2ctl provider create github --preset github --client-id Ov23liExample", ""},
                 {"oauth2ctl provider create orcid --preset orcid --client-id APP-0123456789ABCDEF \\\n"
                  "    --secret-from file:orcid.secret --signup ask",
                  "ORCID gives no e-mail"},
                 {"oauth2ctl provider create uni --preset oidc --issuer https://login.example.edu \\\n"
                  "    --client-id repository --secret-from env:SECRET --trust-email --upsert",
                  "in a script, as often as you like"}},
    .shape = changed_provider_shape,
    .bind = bind};

}  // namespace oauth2::cli
