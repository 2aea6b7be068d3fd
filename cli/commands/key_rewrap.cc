#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/counting.h"
#include "cli/secrets.h"
#include "core/admin/keys.h"
#include "core/federation/rewrap.h"
#include "core/server_key.h"

namespace oauth2::cli {
namespace {

Exit run(const std::optional<std::string>& source, Console& console) {
  std::optional<std::string> old_key;
  if (source) old_key = checked_server_key(read_secret("--old-key-from", *source), "of --old-key-from");
  const auto context = console.context();
  federation::Rewrapped others;
  const auto rewrap_others = [&](db::Connection& connection) {
    const auto before = old_key ? std::optional(federation::derive_server_key(*old_key)) : std::nullopt;
    others = federation::rewrap_secrets(connection, context,
                                        federation::require_server_key(context.settings, context.db), before);
  };
  std::vector<Record> records;
  for (const auto& key : admin::rewrap_keys(context, old_key, rewrap_others))
    records.push_back(with_changed(record_of(key, console.now()), true));
  const bool none_else = others.provider_secrets + others.account_tokens == 0;
  if (!none_else) {
    console.note(fmt::format("sealed anew too: secrets of {} and tokens of {}",
                             counted(others.provider_secrets, "provider"),
                             counted(others.account_tokens, "linked account")));
  }
  if (records.empty() && none_else && console.format() == Format::table && !console.globals().quiet) {
    console.note("all is sealed under the present server's key already");
    return Exit::done;
  }
  console.print(records);
  return Exit::done;
}

Action bind(Options& options) {
  const auto source = std::make_shared<std::optional<std::string>>();
  options
      .value("--old-key-from", "SOURCE", *source,
             "the server's key of before, where it was changed: -, env:NAME or file:PATH")
      .offers(Offer::source);
  return [source](Console& console) { return run(*source, console); };
}

}  // namespace

extern const Command key_rewrap;
const Command key_rewrap = {.path = "key rewrap",
                            .summary = "encrypt all that is sealed anew, under the server's present key",
                            .details =
                                "To be run after the setting server_key was changed, or set for the first "
                                "time. Private keys, the secrets of providers and the tokens of linked "
                                "accounts: all or none are changed, and a second run changes nothing. Lists "
                                "the keys that this changed.",
                            .examples = {{"oauth2ctl key rewrap --old-key-from file:/etc/oauth2ctl/old.key",
                                          "the server's key is new"},
                                         {"oauth2ctl key rewrap", "keys lay unsealed"}},
                            .shape = changed_key_shape,
                            .bind = bind};

}  // namespace oauth2::cli
