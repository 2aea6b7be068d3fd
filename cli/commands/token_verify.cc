#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/json.h"
#include "cli/secrets.h"
#include "core/admin/tokens.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::vector<std::string> scope;
  std::optional<std::string> audience;
  std::optional<std::string> token_from;
};

Exit run(const Values& values, Console& console) {
  const std::string token = require_secret(console, "--token-from", values.token_from, "Token", false);
  const auto verified = admin::verify_token(console.context(), token, values.scope, values.audience);
  console.print(read_json_object(verified.document));
  if (verified.has_scope && verified.has_audience) return Exit::done;
  console.flush();
  if (!verified.active) throw CommandError(Exit::inactive, "the token is not active");
  throw CommandError(Exit::insufficient, verified.has_scope
                                             ? "the token is active, but meant for another audience"
                                             : "the token is active, but lacks the scope");
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options
      .list("--scope", "SCOPES", values->scope,
            "words that it must all have; of several --scope one is enough")
      .offers(Offer::scope);
  options.value("--audience", "URI", values->audience, "the API that it must be meant for (RFC 8707)");
  options.value("--token-from", "SOURCE", values->token_from, "-, env:NAME or file:PATH; else asked for")
      .offers(Offer::source);
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command token_verify;
const Command token_verify = {
    .path = "token verify",
    .summary =
        "tell whether a token is good: exit code 0, 6 (inactive) or 7 (lacks the scope or the audience)",
    .details =
        "Prints the document of RFC 7662 that a resource server would get. For whom the token is does not "
        "matter without --audience.",
    .examples = {{"oauth2ctl token verify --token-from env:TOKEN --scope 'read write'", ""},
                 {"oauth2ctl token verify --token-from - --audience https://api.example.org < token",
                  "meant for that API"},
                 {"oauth2ctl token verify --token-from - -o value=sub < token", "whose it is"}},
    .shape = verified_token_shape,
    .bind = bind};

}  // namespace oauth2::cli
