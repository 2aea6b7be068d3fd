#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/federation/account_token.h"

namespace oauth2::cli {
namespace {

Exit run(const std::string& ref, Console& console) {
  const auto context = console.context();
  const auto found = federation::fresh_account_token(context, ref);
  const bool shown = !console.globals().dry_run;
  Record record = {{"id", found.account.id},
                   {"provider", found.account.provider},
                   {"user", found.account.user_username},
                   {"scope", scalar(found.tokens.scope)},
                   {"expires_at", scalar(found.tokens.expires_at)},
                   {"access_token", shown ? Scalar(found.tokens.access_token) : Scalar()},
                   {"token_secret", shown ? scalar(found.tokens.token_secret) : Scalar()}};
  console.print(with_changed(std::move(record), found.refreshed));
  return Exit::done;
}

Action bind(Options& options) {
  const auto ref = std::make_shared<std::string>();
  options.positional("ID", *ref, "id, or its first 6 characters or more").offers(Offer::account);
  return [ref](Console& console) { return run(*ref, console); };
}

}  // namespace

extern const Command account_token;
const Command account_token = {
    .path = "account token",
    .summary = "print an access token with which to act for a user elsewhere, a fresh one where it must be",
    .details =
        "Refreshes one that has ended or is about to. Exit code 6: there is none, or it has ended and cannot "
        "be refreshed; 9: the provider refused. OAuth 1.0a needs the token's secret too. The audit log "
        "knows who asked.",
    .examples = {{"TOKEN=$(oauth2ctl account token 4hTz9Q -q)", "for a script"},
                 {"oauth2ctl account token 4hTz9Q -o json", "with its scope and when it ends"}},
    .shape = account_token_shape,
    .bind = bind};

}  // namespace oauth2::cli
