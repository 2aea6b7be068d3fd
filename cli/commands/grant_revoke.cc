#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/counting.h"
#include "core/admin/grants.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string ref;
  admin::GrantQuery query;

  bool has_filter() const { return query.user || query.client; }
};

// Of one that was revoked before, nothing but its id is known.
Record record_of_result(const admin::GrantResult& result) {
  Record record = record_of(result.grant.value_or(store::Consent()));
  for (auto& [key, value] : record) {
    if (!result.grant) value = key == "id" ? Scalar(result.id) : Scalar();
  }
  return with_changed(std::move(record), result.changed);
}

Exit revoke_fitting(const admin::GrantQuery& query, Console& console) {
  const auto context = console.context();
  std::string question = "revoke " + counted(admin::count_grants(context, query), "grant");
  if (query.user) question += " of user " + text::escape_controls(*query.user);
  if (query.client) question += " to client " + text::escape_controls(*query.client);
  console.confirm(question + " with the tokens under them");
  std::vector<Record> records;
  for (const auto& grant : admin::revoke_grants(context, query)) {
    records.push_back(with_changed(record_of(grant), true));
  }
  console.print(records);
  return Exit::done;
}

Exit run(const Values& values, Console& console) {
  if (values.ref.empty() != values.has_filter()) {
    throw UsageError(values.has_filter() ? "an id and filters exclude each other" : "which grant?",
                     "ID, or --user, --client");
  }
  if (values.has_filter()) return revoke_fitting(values.query, console);
  console.print(record_of_result(admin::revoke_grant(console.context(), values.ref)));
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("ID", values->ref, "id, or its first 6 characters or more")
      .offers(Offer::grant)
      .optional();
  options.value("--user", "USER", values->query.user, "all that this user allowed").offers(Offer::user);
  options.value("--client", "CLIENT", values->query.client, "all that this client was allowed")
      .offers(Offer::client);
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command grant_revoke;
const Command grant_revoke = {
    .path = "grant revoke",
    .summary = "take back what a person allowed an application, with all tokens that it got",
    .details =
        "By filter it asks before, unless --yes is given; both filters must fit. The application may ask the "
        "person again. Tokens of applications that need not ask are no grant's: 'token revoke' ends those.",
    .examples = {{"oauth2ctl grant revoke 5mKq0d", ""},
                 {"oauth2ctl grant revoke --user alice --client wiki --yes", ""},
                 {"oauth2ctl grant revoke --client wiki --reason 'sold' --yes", "everybody's"}},
    .shape = changed_grant_shape,
    .bind = bind};

}  // namespace oauth2::cli
