#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/json.h"
#include "cli/secrets.h"
#include "core/crypto/jwt.h"
#include "core/crypto/token_string.h"

namespace oauth2::cli {
namespace {

constexpr std::size_t longest_jwt = 16384;  // JSON that is nested deeper than the stack is no token

// Nullopt for what is no JWT.
std::optional<Record> record_of_jwt(std::string_view token) {
  const auto parts = crypto::split_jwt(token);
  if (!parts || token.size() > longest_jwt) return std::nullopt;
  auto header = find_json_object(parts->header);
  auto claims = find_json_object(parts->claims);
  if (!header || !claims) return std::nullopt;
  return Record{{"prefix", Scalar()},
                {"kind", std::string("jwt")},
                {"checksum", Scalar()},
                {"header", std::move(*header)},
                {"claims", std::move(*claims)}};
}

Exit run(const std::optional<std::string>& token_from, Console& console) {
  const std::string token = require_secret(console, "--token-from", token_from, "Token", false);
  if (const auto jwt = record_of_jwt(token)) {
    console.print(*jwt);
    console.note("nothing of it was verified: anybody can write such a text");
    return Exit::done;
  }
  const auto kind = crypto::inspect_token_string(token);
  if (!kind) {
    throw CommandError(Exit::refused, "this is no token of oauth2d: " + crypto::token_string_problem(token));
  }
  console.print(Record{{"prefix", std::string(crypto::prefix(*kind))},
                       {"kind", std::string(crypto::name(*kind))},
                       {"checksum", std::string("ok")},
                       {"header", Scalar()},
                       {"claims", Scalar()}});
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
const Command token_inspect = {.path = "token inspect",
                               .summary = "tell a token's kind from its text alone",
                               .details =
                                   "Needs no database, so it says nothing about whether the token is active. "
                                   "Of a JWT (RFC 9068) it shows "
                                   "header and claims as they stand there, without verifying the signature.",
                               .examples = {{"oauth2ctl token inspect --token-from env:TOKEN", ""}},
                               .shape = inspected_token_shape,
                               .bind = bind};

}  // namespace oauth2::cli
