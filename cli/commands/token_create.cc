#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/secrets.h"
#include "core/admin/tokens.h"

namespace oauth2::cli {
namespace {

struct Values {
  admin::NewToken wanted;
  std::optional<std::vector<std::string>> scope;
  Lifetime expires_in;
  std::optional<std::string> secret_out;
  IfExistsFlags if_exists;
};

// A run that is repeated finds its own --secret-out file: that is no obstacle where no token will be made.
bool would_make_token(const admin::NewToken& wanted, Console& console) {
  db::Options options;
  options.dry_run = true;
  db::Database trial(console.settings().settings.db, options);
  admin::Context context = {trial, console.settings().settings, console.now(), console.actor(), {}, {}, {}};
  return admin::create_personal_token(context, wanted).secret.has_value();
}

Exit run(Values& values, Console& console) {
  admin::NewToken& wanted = values.wanted;
  wanted.scope = values.scope;
  wanted.expires_in = values.expires_in.seconds;
  wanted.if_exists = values.if_exists.choice();
  SecretFile file;
  if (values.secret_out) {
    const bool repeated = wanted.if_exists != admin::IfExists::refuse && file.is_there(*values.secret_out);
    if (!repeated || would_make_token(wanted, console))
      file.open(*values.secret_out, console.globals().dry_run);
  }
  const auto result = admin::create_personal_token(console.context(), wanted);
  Record record = with_changed(with(record_of(result.token), "token", scalar(result.secret)), result.changed);
  console.print(console.deliver(std::move(record), "token", file));
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.value("--user", "USER", values->wanted.user, "whose it is").offers(Offer::user).needed();
  options.value("--name", "NAME", values->wanted.name, "unique among the user's tokens").needed();
  options.words("--scope", "SCOPE", values->scope, "what it may do").offers(Offer::scope);
  options.lifetime("--expires-in", values->expires_in, "how long it is valid; else, or with never, for ever");
  options.on("--internal", values->wanted.internal, "not on the user's own pages; may have internal scopes");
  options
      .value("--secret-out", "file:PATH", values->secret_out, "write the token to a fresh file of mode 0600")
      .offers(Offer::destination);
  values->if_exists.declare(options);
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command token_create;
const Command token_create = {
    .path = "token create",
    .summary = "make a personal token",
    .details =
        "It is shown once. With --upsert a token that is there keeps its secret and its end; a "
        "--scope that is given becomes its scope.",
    .examples = {{"oauth2ctl token create --user alice --name laptop --scope read --expires-in 30d", ""},
                 {"TOKEN=$(oauth2ctl token create --user alice --name ci --scope read -q)", "in a script"}},
    .shape = new_token_shape,
    .bind = bind};

}  // namespace oauth2::cli
