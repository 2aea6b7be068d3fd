#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/clients.h"

namespace oauth2::cli {
namespace {

struct Values {
  std::string ref;
  std::string secret_id;
};

Exit run(const Values& values, Console& console) {
  const auto context = console.context();
  const auto client = admin::require_client(context, values.ref);
  Record record = {
      {"id", values.secret_id}, {"client_id", client.id}, {"created_at", {}}, {"expires_at", {}}};
  for (const auto& secret : admin::list_client_secrets(context, client.id)) {
    if (secret.id == values.secret_id) record = record_of(secret);
  }
  admin::revoke_client_secret(context, client.id, values.secret_id);
  console.print(with_changed(std::move(record), true));
  return Exit::done;
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positional("ID", values->ref, "the client").offers(Offer::client);
  options.positional("SECRET_ID", values->secret_id, "the id that 'client secret list' shows");
  return [values](Console& console) { return run(*values, console); };
}

Shape shape() {
  Shape shape = client_secret_shape();
  shape.fields.push_back({"changed", FieldKind::flag, ""});
  return shape;
}

}  // namespace

extern const Command client_secret_revoke;
const Command client_secret_revoke = {.path = "client secret revoke",
                                      .summary = "end one of an application's secrets at once",
                                      .details = "Tokens that it was used for stay valid.",
                                      .examples = {{"oauth2ctl client secret revoke ci 4fGk2LmQ9x", ""}},
                                      .shape = shape,
                                      .bind = bind};

}  // namespace oauth2::cli
