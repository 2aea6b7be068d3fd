#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/keys.h"
#include "core/time.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::optional<std::string> algorithm;
  std::optional<std::int64_t> overlap;
};

Exit run(const Values& values, Console& console) {
  const auto result = admin::rotate_key(console.context(), values.algorithm, values.overlap);
  console.print(with_changed(record_of(result.key, console.now()), true));
  for (const std::string& kid : result.closed) {
    console.note(
        fmt::format("warning: the key {} does not open with the server's key at hand: if oauth2d has "
                    "another one, it cannot sign with the new key",
                    kid));
  }
  if (console.format() != Format::table || console.globals().quiet) return Exit::done;
  for (const auto& old : result.old) {
    console.note(old.is_published(console.now())
                     ? fmt::format("{} stays published for {}", old.kid,
                                   format_duration(old.expires_at.value_or(0) - console.now()))
                     : fmt::format("{} is published no more", old.kid));
  }
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options
      .value("--alg", "ALGORITHM", values->algorithm,
             "EdDSA, ES256 or RS256: what tokens are signed with from now on; else as before")
      .one_of({"EdDSA", "ES256", "RS256"});
  options.duration("--overlap", values->overlap,
                   "how long the old key stays published; else until what it signed has expired");
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command key_rotate;
const Command key_rotate = {
    .path = "key rotate",
    .summary = "sign with a new key from the next token on",
    .details =
        "The old key of the same algorithm stays published, so that its tokens are good until they expire; "
        "who reads /oauth/jwks notices by itself, who has a key in a file needs the new one. With --alg, "
        "that algorithm becomes the one of all clients that have none of their own ('client update "
        "--signing-alg'); keys of other algorithms go on.",
    .examples = {{"oauth2ctl key rotate", "as often as your rules want it"},
                 {"oauth2ctl key rotate --alg ES256", "for resource servers that do not know EdDSA"}},
    .shape = changed_key_shape,
    .bind = bind};

}  // namespace oauth2::cli
