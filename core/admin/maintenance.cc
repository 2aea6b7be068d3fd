#include "core/admin/maintenance.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <limits>

#include "core/admin/error.h"
#include "core/crypto/base64url.h"
#include "core/crypto/random.h"
#include "core/db/migrate.h"
#include "core/store/authorization_requests.h"
#include "core/store/client_secrets.h"
#include "core/store/codes.h"
#include "core/store/deployment.h"
#include "core/store/device_codes.h"
#include "core/store/failed_attempts.h"
#include "core/store/password_resets.h"
#include "core/store/request_tokens.h"
#include "core/store/scopes.h"
#include "core/store/sessions.h"
#include "core/store/signing_keys.h"
#include "core/store/signups.h"
#include "core/store/tokens.h"
#include "core/store/used_states.h"
#include "core/text.h"

namespace oauth2::admin {
namespace {

constexpr std::int64_t batch_rows = 500;  // a request waits for one batch at most

// A whole key under another name first: what carries the right name is never half a key, whenever we are
// killed.
void write_server_key(const std::string& path) {
  const std::string fresh = fmt::format("{}.{}.new", path, ::getpid());
  const auto refuse = [&](const char* what) {
    const int error = errno;
    ::unlink(fresh.c_str());
    throw UserError(fmt::format("cannot {} the server's key {}: {}", what, path, std::strerror(error)));
  };
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) refuse("make");
  const std::string key = crypto::base64url(crypto::random_bytes(32)) + "\n";
  const bool written = ::fchmod(fd, 0600) == 0 &&
                       ::write(fd, key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
                       ::fsync(fd) == 0;
  if (!written) refuse("write");
  ::close(fd);
  if (::link(fresh.c_str(), path.c_str()) != 0 && errno != EEXIST)
    refuse("place");  // EEXIST: another init did
  ::unlink(fresh.c_str());
}

// The server's key lies beside the database's file unless the setting names another place; made once, never
// replaced. Absent where there is no file: every instance then needs the setting.
std::optional<std::string> make_server_key(const Settings& settings, bool dry_run) {
  if (!settings.server_key.empty()) return settings.server_key;
  const auto beside = default_server_key(settings.db);
  if (!beside) return std::nullopt;
  const std::string& path = *beside;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (!dry_run) write_server_key(path);
  } else if (status.st_size == 0) {
    throw Refused(fmt::format("the server's key {} is empty", path), "remove it, and init makes a new one");
  } else if ((status.st_mode & 077) != 0) {
    throw Refused(fmt::format("the server's key {} can be read by others", path), "chmod 600 " + path);
  }
  return "file:" + path;
}

// Set in the transaction that ends an init: without it, one that was killed half-way is taken up again.
constexpr std::string_view initialised_at = "initialised_at";

bool store_initial_rows(db::Connection& connection, const Context& context,
                        const std::optional<std::string>& issuer, bool if_not_exists) {
  bool changed = false;
  const bool there = store::find_deployment_value(connection, initialised_at).has_value();
  if (there && !if_not_exists) {
    throw AlreadyExists(fmt::format("{} is initialised already", context.db.url()),
                        "--if-not-exists takes it as it is");
  }
  if (!there) {
    store::put_deployment_value(connection, initialised_at, fmt::format("{}", context.now));
    store::insert_scope(connection,
                        {"user:email", "See your e-mail address", "user", false, false, context.now});
    changed = true;
  }
  const auto stored = store::find_deployment_value(connection, "issuer");
  if (issuer && !stored) {
    store::put_deployment_value(connection, "issuer", *issuer);
    changed = true;
  }
  // It is in what every client knows and in every answer: not to be exchanged in passing.
  if (issuer && stored && *stored != *issuer) {
    throw AlreadyExists(
        fmt::format("the stored issuer is {}, not {}", *stored, *issuer),
        "set issuer in the configuration, OAUTH2CTL_ISSUER or oauth2d --issuer to override it");
  }
  return changed;
}

constexpr std::int64_t a_day = 86'400;
constexpr std::int64_t always = std::numeric_limits<std::int64_t>::max();

struct Prunable {
  const char* table;
  std::int64_t at_most;  // seconds that it is kept, whatever `older` says: strangers can make these
  std::int64_t (*count)(db::Connection&, std::int64_t before);
  std::int64_t (*delete_some)(db::Connection&, std::int64_t before, std::int64_t most);
};

constexpr Prunable prunables[] = {
    {"tokens", always, store::count_dead_tokens, store::delete_dead_tokens},
    {"client_secrets", always, store::count_expired_client_secrets, store::delete_expired_client_secrets},
    {"authorization_codes", always, store::count_expired_authorization_codes,
     store::delete_expired_authorization_codes},
    {"authorization_requests", a_day, store::count_expired_authorization_requests,
     store::delete_expired_authorization_requests},
    {"device_codes", a_day, store::count_expired_device_codes, store::delete_expired_device_codes},
    {"sessions", always, store::count_expired_sessions, store::delete_expired_sessions},
    {"signing_keys", always, store::count_expired_signing_keys, store::delete_expired_signing_keys},
    {"password_resets", always, store::count_expired_password_resets, store::delete_expired_password_resets},
    {"failed_attempts", a_day, store::count_expired_failed_attempts, store::delete_expired_failed_attempts},
    {"used_states", a_day, store::count_expired_used_states, store::delete_expired_used_states},
    {"request_tokens", a_day, store::count_expired_request_tokens, store::delete_expired_request_tokens},
    {"signups", a_day, store::count_expired_signups, store::delete_expired_signups},
};

std::int64_t delete_in_batches(db::Database& db, const Prunable& prunable, std::int64_t before,
                               const std::function<bool()>& go_on) {
  std::int64_t total = 0;
  while (go_on()) {
    const std::int64_t deleted = db.write(
        [&](db::Connection& connection) { return prunable.delete_some(connection, before, batch_rows); });
    total += deleted;
    if (deleted < batch_rows) break;
  }
  return total;
}

// Looks only, and makes no file.
bool is_initialised(const Settings& settings) {
  db::Options options;
  options.any_schema = true;
  try {
    db::Database db(settings.db, options);
    return schema_status(db).version > 0;
  } catch (const db::Error& error) {
    if (error.kind != db::Error::Kind::not_initialised) throw;
    return false;
  }
}

}  // namespace

std::optional<std::string> default_server_key(const std::string& url) {
  const auto file = db::database_file(url);
  return file ? std::optional(*file + ".key") : std::nullopt;
}

InitResult initialise(const Settings& settings, std::int64_t now, const std::string& actor,
                      const std::optional<std::string>& issuer, bool if_not_exists, bool dry_run) {
  if (issuer) {
    if (const auto problem = issuer_problem(*issuer)) throw Refused("the issuer " + *problem);
  }
  InitResult result{text::without_password(settings.db), std::nullopt, issuer, false};
  if (dry_run) {
    result.server_key = make_server_key(settings, true);
    result.changed = !is_initialised(settings);
    if (!result.changed && !if_not_exists) throw AlreadyExists(result.db + " is there already");
    return result;
  }
  db::Options options;
  options.create = true;
  options.any_schema = true;
  db::Database db(settings.db, options);
  const auto is_there = [&] {
    return schema_status(db).version > 0 && db.read([](db::Connection& connection) {
      return store::find_deployment_value(connection, initialised_at).has_value();
    });
  };
  Context context{db, settings, now, actor, {}, {}, {}};
  if (!is_there()) db.migrate(now);  // before the rows, in transactions of its own
  if (if_not_exists || !is_there()) result.server_key = make_server_key(settings, false);
  // Several at once get here; the first one makes the rows, and only it has changed anything.
  result.changed = db.write([&](db::Connection& connection) {
    const bool changed = store_initial_rows(connection, context, issuer, if_not_exists);
    if (changed) record(connection, context, "init", "deployment");
    return changed;
  });
  return result;
}

std::optional<std::string> apply_stored_issuer(LoadedSettings& loaded, db::Database& db) {
  const auto stored =
      db.read([](db::Connection& connection) { return store::find_deployment_value(connection, "issuer"); });
  if (!stored) return std::nullopt;
  if (loaded.settings.issuer == *stored) return std::nullopt;
  if (loaded.is_default("issuer")) {
    loaded.settings.issuer = *stored;
    loaded.source["issuer"] = "database";
    return std::nullopt;
  }
  return fmt::format("the issuer {} ({}) is not the one that init stored, {}", loaded.settings.issuer,
                     loaded.source["issuer"], *stored);
}

Counts prune(const Context& context, std::int64_t older, const std::function<bool()>& go_on) {
  Counts counts;
  std::int64_t total = 0;
  for (const Prunable& prunable : prunables) {
    const std::int64_t before = context.now - std::min(older, prunable.at_most);
    const std::int64_t rows =
        context.db.dry_run()
            ? context.db.read([&](db::Connection& connection) { return prunable.count(connection, before); })
            : delete_in_batches(context.db, prunable, before, go_on);
    counts.emplace_back(prunable.table, rows);
    total += rows;
  }
  if (total > 0) {
    context.db.write(
        [&](db::Connection& connection) { record(connection, context, "db.prune", "deployment"); });
  }
  return counts;
}

SchemaStatus schema_status(db::Database& db) {
  return db.read([](db::Connection& connection) {
    SchemaStatus status;
    status.version = db::schema_version(connection);
    status.newest = db::migrations().empty() ? 0 : db::migrations().back().version;
    for (const auto& migration : db::pending_migrations(connection)) status.pending.push_back(migration.name);
    return status;
  });
}

std::size_t migrate(const Context& context) {
  const std::size_t applied = context.db.migrate(context.now);
  if (applied > 0) {
    context.db.write(
        [&](db::Connection& connection) { record(connection, context, "db.migrate", "deployment"); });
  }
  return applied;
}

std::vector<store::AuditEntry> list_audit(const Context& context, const store::AuditFilter& filter) {
  return context.db.read([&](db::Connection& connection) { return store::list_audit(connection, filter); });
}

}  // namespace oauth2::admin
