#include <memory>

#include "cli/command.h"
#include "cli/commands/client_flags.h"
#include "cli/console.h"
#include "cli/secrets.h"

namespace oauth2::cli {
namespace {

struct Values {
  admin::NewClient wanted;
  std::optional<std::string> secret_from;
  std::optional<std::string> secret_out;
  IfExistsFlags if_exists;
};

// A run that is repeated finds its own --secret-out file: that is no obstacle where no secret will be made.
bool would_make_secret(const admin::NewClient& wanted, Console& console) {
  db::Options options;
  options.dry_run = true;
  db::Database trial(console.settings().settings.db, options);
  admin::Context context = {trial, console.settings().settings, console.now(), console.actor(), {}, {}, {}};
  return admin::create_client(context, wanted).secret.has_value();
}

Exit run(Values& values, Console& console) {
  admin::NewClient& wanted = values.wanted;
  wanted.if_exists = values.if_exists.choice();
  if (values.secret_from && values.secret_out) {
    throw UsageError("--secret-from and --secret-out exclude each other: a chosen secret is known already");
  }
  if (values.secret_from) wanted.secret = read_secret("--secret-from", *values.secret_from);
  SecretFile file;
  if (values.secret_out) {
    const bool repeated = wanted.if_exists != admin::IfExists::refuse && file.is_there(*values.secret_out);
    if (!repeated || would_make_secret(wanted, console))
      file.open(*values.secret_out, console.globals().dry_run);
  }
  const auto result = admin::create_client(console.context(), wanted);
  Record record = with_client_secret(record_of(result.client), result.secret, result.secret_expires_at);
  console.print(console.deliver(with_changed(std::move(record), result.changed), "client_secret", file));
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("NAME", values->wanted.name, "unique among its owner's clients");
  options.value("--id", "ID", values->wanted.id, "its client_id, else 32 random characters");
  declare_client_flags(options, values->wanted.fields);
  options
      .value("--secret-from", "SOURCE", values->secret_from,
             "a secret of your own, 32 characters or more: -, env:NAME or file:PATH")
      .offers(Offer::source);
  options
      .value("--secret-out", "file:PATH", values->secret_out,
             "write the new secret to a fresh file of mode 0600")
      .offers(Offer::destination);
  values->if_exists.declare(options);
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command client_create;
const Command client_create = {
    .path = "client create",
    .summary = "register an application",
    .details =
        "Without --grant it is for authorization_code, which needs a --redirect-uri. A refresh token is "
        "issued only where refresh_token is registered too. The secret is shown once.",
    .examples =
        {{"oauth2ctl client create ci --grant client_credentials --scope read", "a service"},
         {"oauth2ctl client create shop --redirect-uri https://shop.example/callback \\\n"
          "    --grant authorization_code --grant refresh_token --scope 'read write'",
          "a web application"},
         {"oauth2ctl client create app --public --redirect-uri http://127.0.0.1/callback", "a program"},
         {"oauth2ctl client create ci --grant client_credentials --upsert --secret-out file:ci.secret",
          "in a script, as often as you like"}},
    .shape = new_client_shape,
    .bind = bind};

}  // namespace oauth2::cli
