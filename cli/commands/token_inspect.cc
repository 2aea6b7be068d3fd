#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/secrets.h"
#include "core/crypto/token_string.h"

namespace oauth2::cli {
namespace {

Exit run(const std::optional<std::string>& token_from, Console& console) {
  const std::string token = require_secret(console, "--token-from", token_from, "Token", false);
  const auto kind = crypto::inspect_token_string(token);
  if (!kind) {
    throw CommandError(Exit::refused, "this is no token of oauth2d: " + crypto::token_string_problem(token));
  }
  console.print(Record{{"prefix", std::string(crypto::prefix(*kind))},
                       {"kind", std::string(crypto::name(*kind))},
                       {"checksum", std::string("ok")}});
  return Exit::done;
}

Action bind(Options& options) {
  const auto token_from = std::make_shared<std::optional<std::string>>();
  options.value("--token-from", "SOURCE", *token_from, "-, env:NAME or file:PATH; else asked for")
      .offers(Offer::source);
  return [token_from](Console& console) { return run(*token_from, console); };
}

}  // namespace

extern const Command token_inspect;
const Command token_inspect = {
    .path = "token inspect",
    .summary = "tell a token's kind from its text alone",
    .details = "Needs no database, so it says nothing about whether the token is active.",
    .examples = {{"oauth2ctl token inspect --token-from env:TOKEN", ""}},
    .shape = inspected_token_shape,
    .bind = bind};

}  // namespace oauth2::cli
