#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/counting.h"
#include "core/admin/keys.h"

namespace oauth2::cli {
namespace {

Exit run(const std::string& ref, Console& console) {
  const auto context = console.context();
  const auto key = admin::require_key(context, ref);
  console.confirm(fmt::format("retire the {} key {} now, and revoke {} that it signed", key.algorithm,
                              key.kid, counted(admin::count_signed_tokens(context, key.kid), "token")));
  const auto result = admin::retire_key(context, key.kid);
  console.print(with_changed(
      with(record_of(result.key, console.now()), "revoked_tokens", result.revoked_tokens), result.changed));
  return Exit::done;
}

Action bind(Options& options) {
  const auto ref = std::make_shared<std::string>();
  options.positional("KID", *ref, "kid, or its first 6 characters or more").offers(Offer::key);
  return [ref](Console& console) { return run(*ref, console); };
}

}  // namespace

extern const Command key_retire;
const Command key_retire = {
    .path = "key retire",
    .summary = "end a key and every token that it signed, now",
    .details =
        "For a key that somebody may have got hold of. It is taken out of /oauth/jwks; resource servers that "
        "have fetched it before believe it until they fetch again, at most some minutes later. The server "
        "makes a new key when it needs one. Asks before, unless --yes is given.",
    .examples = {{"oauth2ctl key retire kPrK_qmx --reason 'backup was stolen'", ""},
                 {"oauth2ctl key retire kPrK_qmx --yes", "in a script"}},
    .shape = retired_key_shape,
    .bind = bind};

}  // namespace oauth2::cli
