#include "core/admin/copy.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <utility>

#include "core/admin/context.h"
#include "core/admin/error.h"
#include "core/admin/maintenance.h"
#include "core/db/migrate.h"

namespace oauth2::admin {
namespace {

void require_empty(db::Connection& connection, const std::string& url) {
  if (const auto table = db::find_filled_table(connection)) {
    throw AlreadyExists(fmt::format("{} is not empty: {} has rows", url, *table),
                        "copy to a database that is new");
  }
}

void require_filled(db::Database& from) {
  if (!from.read([](db::Connection& connection) { return db::find_filled_table(connection); })) {
    throw db::Error(db::Error::Kind::not_initialised, from.url() + " is empty: there is nothing to copy",
                    "are --from and --to the right way round?");
  }
}

// The target as it is, or null where a dry run finds none. It is not migrated yet: one that is refused stays
// untouched.
std::unique_ptr<db::Database> open_target(const CopyRequest& request) {
  db::Options options;
  options.create = !request.dry_run;
  options.any_schema = true;
  options.dry_run = request.dry_run;
  try {
    return std::make_unique<db::Database>(request.to, options);
  } catch (const db::Error& error) {
    if (request.dry_run && error.kind == db::Error::Kind::not_initialised) return nullptr;
    throw;
  }
}

bool has_newest_schema(db::Database& db) {
  return db.read([](db::Connection& connection) { return db::pending_migrations(connection).empty(); });
}

std::optional<std::string> key_beside(const std::string& url) {
  const auto key = default_server_key(url);
  std::error_code ignored;
  if (!key || !std::filesystem::exists(*key, ignored)) return std::nullopt;
  return std::filesystem::absolute(*key).string();
}

}  // namespace

CopyResult copy_database(const Settings& settings, const CopyRequest& request,
                         const db::CopyCallback& progress) {
  db::Database from(request.from, {});
  require_filled(from);  // before the target is made
  CopyResult result;
  if (settings.server_key.empty()) result.server_key = key_beside(request.from);
  const auto to = open_target(request);
  if (to) to->read([&](db::Connection& connection) { require_empty(connection, to->url()); });
  if (to && !request.dry_run) to->migrate(request.now);
  if (!to || !has_newest_schema(*to)) {
    result.only_counted = true;
    result.tables =
        from.read([](db::Connection& connection) { return db::count_rows(connection, connection.tables()); });
    return result;
  }
  const Context context{*to, settings, request.now, request.actor, request.reason, {}, {}};
  bool begun = false;
  result.tables = from.read([&](db::Connection& source) {
    return to->write([&](db::Connection& target) {
      // What was lost is repeated elsewhere; a copy takes too long for that in silence.
      if (std::exchange(begun, true))
        throw db::Error(db::Error::Kind::unreachable, "the connection broke during the copy", "try again");
      require_empty(target, to->url());  // again: this transaction is the one that counts
      auto tables = db::copy_rows(source, target, progress);
      record(target, context, "db.copy", "deployment");  // after the rows of the log that it goes on from
      return tables;
    });
  });
  return result;
}

}  // namespace oauth2::admin
