#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/counting.h"
#include "core/admin/sessions.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string ref;
  std::optional<std::string> user;
};

Exit revoke_of_user(const std::string& user, Console& console) {
  const auto context = console.context();
  console.confirm(fmt::format("revoke {} of user {}",
                              counted(admin::count_user_sessions(context, user), "session"),
                              text::escape_controls(user)));
  std::vector<Record> records;
  for (const auto& session : admin::revoke_user_sessions(context, user)) {
    records.push_back(with_changed(record_of(session), true));
  }
  console.print(records);
  return Exit::done;
}

Exit run(const Values& values, Console& console) {
  if (values.ref.empty() == !values.user) {
    throw UsageError(values.user ? "an id and --user exclude each other" : "which session?",
                     "ID, or --user USER");
  }
  if (values.user) return revoke_of_user(*values.user, console);
  const auto result = admin::revoke_session(console.context(), values.ref);
  console.print(with_changed(record_of(result.session), result.changed));
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("ID", values->ref, "id, or its first 6 characters or more")
      .offers(Offer::session)
      .optional();
  options.value("--user", "USER", values->user, "all of this user").offers(Offer::user);
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command session_revoke;
const Command session_revoke = {
    .path = "session revoke",
    .summary = "sign a browser out",
    .details =
        "With --user, all of a person's: it asks before, unless --yes is given. Their tokens stay; "
        "'grant revoke' and 'token revoke' end those.",
    .examples = {{"oauth2ctl session revoke 7Qx2mB --reason 'laptop stolen'", ""},
                 {"oauth2ctl session revoke --user alice --yes", "everywhere"}},
    .shape = changed_session_shape,
    .bind = bind};

}  // namespace oauth2::cli
