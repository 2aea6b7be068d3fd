#include <fmt/format.h>

#include <algorithm>

#include "cli/command.h"
#include "cli/console.h"
#include "core/admin/keys.h"
#include "core/protocol/key_seal.h"

namespace oauth2::cli {
namespace {

Exit run(Console& console) {
  const auto keys = admin::list_keys(console.context());
  std::vector<Record> records;
  for (const auto& [key, is_default] : keys)
    records.push_back(with(record_of(key, console.now()), "default", is_default));
  console.print(records);
  const auto is_open = [&](const admin::ListedKey& listed) {
    return listed.key.is_published(console.now()) && !protocol::is_sealed(listed.key);
  };
  if (!console.globals().quiet && std::any_of(keys.begin(), keys.end(), is_open)) {
    console.note(
        "warning: private keys lie unsealed in the database: set server_key, then 'oauth2ctl key rewrap'");
  }
  return Exit::done;
}

Action bind(Options&) { return run; }

}  // namespace

extern const Command key_list;
const Command key_list = {
    .path = "key list",
    .summary = "list the keys that tokens are signed with, newest first",
    .details =
        "active: signs; retiring: signs no more, but is published at /oauth/jwks until the last token that "
        "it signed has expired; retired: neither. sealed: lies encrypted in the database. default: signs for "
        "all clients that have no algorithm of their own. The server makes a key when it first needs it.",
    .examples = {{"oauth2ctl key list", ""}, {"oauth2ctl key list -o json", ""}},
    .shape = listed_key_shape,
    .bind = bind};

}  // namespace oauth2::cli
