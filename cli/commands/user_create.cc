#include <memory>

#include "cli/command.h"
#include "cli/commands/user_flags.h"
#include "cli/console.h"
#include "cli/secrets.h"
#include "core/admin/error.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string username;
  admin::UserFields fields;
  std::optional<std::string> password_from;
  bool no_password = false;
  IfExistsFlags if_exists;
};

// With --if-not-exists and --upsert nobody is asked for the password of a user who is there.
bool is_there(const admin::Context& context, const std::string& username) {
  try {
    return text::lower(admin::require_user(context, username).username) == text::lower(username);
  } catch (const admin::UserError&) {
    return false;
  }
}

Exit run(Values& values, Console& console) {
  const auto if_exists = values.if_exists.choice();
  if (values.password_from && values.no_password) {
    throw UsageError("--password-from and --no-password exclude each other");
  }
  const auto context = console.context();
  values.fields.username = values.username;
  const bool exists = is_there(context, values.username);
  if (values.password_from) {
    values.fields.password = read_secret("--password-from", *values.password_from);
  } else if (!values.no_password && !exists) {
    if (console.can_ask()) {
      values.fields.password = require_secret(console, "--password-from", {}, "Password", true);
    } else {
      console.note("no password is set: --password-from sets one, --no-password says that none is meant");
    }
  }
  const auto result = admin::create_user(context, values.fields, if_exists);
  console.print(with_changed(record_of(result.user), result.changed));
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("USERNAME", values->username,
                     "what the user signs in with; upper and lower case are one");
  declare_user_flags(options, values->fields);
  options
      .value("--password-from", "SOURCE", values->password_from, "-, env:NAME or file:PATH; else asked for")
      .offers(Offer::source);
  options.on("--no-password", values->no_password, "no sign-in by password");
  values->if_exists.declare(options);
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command user_create;
const Command user_create = {
    .path = "user create",
    .summary = "add a person",
    .details = "On a terminal the password is asked for, twice. A password has 8 to 128 characters.",
    .examples = {{"oauth2ctl user create alice --email alice@example.org --name 'Alice Liddell'", ""},
                 {"oauth2ctl user create alice --password-from file:alice.password --if-not-exists",
                  "in a script"}},
    .shape = changed_user_shape,
    .bind = bind};

}  // namespace oauth2::cli
