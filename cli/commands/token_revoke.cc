#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/counting.h"
#include "cli/streams.h"
#include "core/admin/tokens.h"
#include "core/text.h"
#include "core/time.h"

namespace oauth2::cli {
namespace {

constexpr std::size_t most_leaked_bytes = 64 * 1024 * 1024;

struct Values {
  std::vector<std::string> refs;
  admin::TokenQuery query;
  std::optional<std::string> leaked;

  bool has_filter() const { return query.user || query.client || query.scope || query.created_before; }
};

Exit revoke_named(const Values& values, Console& console) {
  const auto context = console.context();
  std::vector<std::string> ids;  // all are looked up before any is revoked
  for (const std::string& ref : values.refs) ids.push_back(admin::require_token(context, ref).id);
  std::vector<Record> records;
  for (const std::string& id : ids) {
    const auto result = admin::revoke_token(context, id);
    records.push_back(with_changed(record_of(result.token), result.changed));
  }
  if (records.size() == 1) {
    console.print(records.front());
  } else {
    console.print(records);
  }
  return Exit::done;
}

std::string describe(const admin::TokenQuery& query, const admin::Context& context) {
  std::string out;
  if (query.user) out += fmt::format(" of user {}", text::escape_controls(*query.user));
  if (query.client) out += fmt::format(" of client {}", text::escape_controls(*query.client));
  if (query.scope) out += fmt::format(" with scope {}", text::escape_controls(*query.scope));
  if (query.created_before) {
    out += fmt::format(" made before {}", format_rfc3339(*query.created_before));
  }
  const std::int64_t count = admin::count_revocable_tokens(context, query);
  return fmt::format("revoke {}{}", counted(count, "token"), out);
}

Exit revoke_fitting(const Values& values, Console& console) {
  const auto context = console.context();
  console.confirm(describe(values.query, context));
  std::vector<Record> records;
  for (const auto& token : admin::revoke_tokens(context, values.query)) {
    records.push_back(with_changed(record_of(token), true));
  }
  console.print(records);
  return Exit::done;
}

std::string read_lines(const std::string& source) {
  if (source == "-") return read_all(STDIN_FILENO, "standard input", most_leaked_bytes);
  const int fd = ::open(source.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    throw CommandError(errno == ENOENT ? Exit::not_found : Exit::failed,
                       fmt::format("cannot read {}: {}", source, std::strerror(errno)));
  }
  std::string lines = read_all(fd, source, most_leaked_bytes);
  ::close(fd);
  return lines;
}

// A line that is no token of ours has nulls; what it was is not repeated.
Record record_of_line(const admin::LeakedToken& leaked) {
  store::Token token = leaked.token.value_or(store::Token());
  Record record = with(Record(), "line", static_cast<std::int64_t>(leaked.line));
  for (auto& [key, value] : record_of(token)) {
    record.emplace_back(key, leaked.token ? std::move(value) : Scalar());
  }
  return with_changed(std::move(record), leaked.changed);
}

Exit revoke_leaked(const Values& values, Console& console) {
  const std::string lines = read_lines(*values.leaked);
  std::vector<Record> records;
  std::int64_t ours = 0;
  for (const auto& leaked : admin::revoke_leaked_tokens(console.context(), lines)) {
    ours += leaked.token ? 1 : 0;
    records.push_back(record_of_line(leaked));
  }
  if (!console.globals().quiet) {
    console.note(fmt::format("{} of {} held a token of this server", ours,
                             counted(static_cast<std::int64_t>(records.size()), "line")));
  }
  console.print(records);
  return Exit::done;
}

Exit run(const Values& values, Console& console) {
  const int ways = (values.refs.empty() ? 0 : 1) + (values.has_filter() ? 1 : 0) + (values.leaked ? 1 : 0);
  if (ways != 1) {
    throw UsageError(ways == 0 ? "which tokens?" : "ids, filters and --leaked exclude each other",
                     "ID..., or --user, --client, --scope, --before, or --leaked FILE");
  }
  if (!values.refs.empty()) return revoke_named(values, console);
  return values.leaked ? revoke_leaked(values, console) : revoke_fitting(values, console);
}

Action bind(Options& options) {
  const auto values = std::make_shared<Values>();
  options.positionals("ID", values->refs, "ids, names, or the first 6 characters of an id or more")
      .offers(Offer::token)
      .optional();
  options.value("--user", "USER", values->query.user, "all of this user").offers(Offer::user);
  options.value("--client", "CLIENT", values->query.client, "all of this client").offers(Offer::client);
  options.value("--scope", "SCOPE", values->query.scope, "all with this scope").offers(Offer::scope);
  options.time("--before", values->query.created_before, "all made before: RFC 3339 or a duration ago");
  options.value("--leaked", "FILE", values->leaked, "the raw tokens in this file, or -, one a line")
      .offers(Offer::file);
  return [values](Console& console) { return run(*values, console); };
}

}  // namespace

extern const Command token_revoke;
const Command token_revoke = {
    .path = "token revoke",
    .summary = "end tokens for good",
    .details =
        "By filter it asks before, unless --yes is given; several filters must all fit. A refresh token "
        "takes its access tokens along. Lines of --leaked that hold no token of this server change nothing.",
    .examples = {{"oauth2ctl token revoke laptop --reason 'stolen'", ""},
                 {"oauth2ctl token revoke --user alice --before 2026-01-31 --yes", ""},
                 {"grep -oEh 'o2[par]_[0-9A-Za-z]{49}' *.log | oauth2ctl token revoke --leaked -",
                  "found in a log"}},
    .shape = revoked_token_shape,
    .bind = bind};

}  // namespace oauth2::cli
