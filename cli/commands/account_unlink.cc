#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/federation/accounts.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

Exit run(const std::string& ref, Console& console) {
  const auto context = console.context();
  const auto account = federation::require_account(context, ref);
  const bool is_last = federation::is_last_way_in(context, account);
  console.confirm(fmt::format("unlink {}'s account {} from user {}{}", account.provider,
                              text::escape_controls(account.username.value_or(account.subject)),
                              account.user_username, is_last ? ", who then has no way to sign in" : ""));
  const auto unlinked = federation::unlink_account(context, account.id);
  if (is_last) {
    console.note(
        fmt::format("warning: {0} has no way to sign in now: 'oauth2ctl user reset-link {0}' makes one",
                    account.user_username));
  }
  console.print(with_changed(record_of(unlinked), true));
  return Exit::done;
}

Action bind(Options& options) {
  const auto ref = std::make_shared<std::string>();
  options.positional("ID", *ref, "id, or its first 6 characters or more").offers(Offer::account);
  return [ref](Console& console) { return run(*ref, console); };
}

}  // namespace

extern const Command account_unlink;
const Command account_unlink = {
    .path = "account unlink",
    .summary = "take away an account that is linked to a user, with its tokens",
    .details =
        "Asks before, unless --yes is given. Users cannot take away their last way to sign in; this can, and "
        "says so. Sessions stay: 'session revoke' ends those.",
    .examples = {{"oauth2ctl account unlink 4hTz9Q", ""},
                 {"oauth2ctl account unlink 4hTz9Q --yes --reason 'taken over there'", ""}},
    .shape = changed_account_shape,
    .bind = bind};

}  // namespace oauth2::cli
