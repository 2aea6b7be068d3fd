#include "core/db/database.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "core/db/migrate.h"
#include "core/db/postgres.h"
#include "core/db/readers.h"
#include "core/db/retry.h"
#include "core/db/sqlite.h"
#include "core/db/writer.h"
#include "core/text.h"
#include "core/time.h"

namespace oauth2::db {
namespace {

constexpr auto longest_migration = std::chrono::minutes(30);

bool is_postgres(const std::string& url) {
  return url.starts_with("postgresql:") || url.starts_with("postgres:");  // without //: a malformed one
}

enum class Purpose { reading, writing, migrating };

// A URL's driver, and how it is served best; the only place that asks which database it is.
struct Driver {
  std::function<std::unique_ptr<Connection>(Purpose purpose)> open;
  std::size_t readers = 1;
  Writer::Options writer;
};

// One writer: SQLite has no more. About twice the cores for reading: one connection a thread cost memory and
// gained nothing.
Driver sqlite_driver(const std::string& path, const Options& options, std::size_t cores) {
  if (path.empty() || path.find('\0') != std::string::npos) {
    throw Error(Error::Kind::unreachable, "the database's path is empty", "--db sqlite:PATH");
  }
  return {[path, options](Purpose purpose) {
            const bool query_only = purpose == Purpose::reading;
            return open_sqlite(path, {options.create && !query_only, options.busy_timeout, query_only});
          },
          2 * cores,
          {}};
}

// A round trip may take a millisecond elsewhere: more connections are under way at once, also for writing,
// and no transaction waits for the statements of too many others.
Driver postgres_driver(const std::string& url, const Options& options, std::size_t cores) {
  const bool for_server = options.mode == Options::Mode::server;
  return {[url, options, for_server](Purpose purpose) {
            // A migration takes as long as it takes, and of several instances all but one wait for it.
            if (purpose == Purpose::migrating)
              return open_postgres(url, {options.create, false, false, longest_migration});
            const bool query_only = purpose == Purpose::reading;
            return open_postgres(url, {options.create, for_server, query_only, options.busy_timeout});
          },
          std::max<std::size_t>(8, 2 * cores),
          {/*workers=*/2, /*most_jobs=*/64, /*many_jobs=*/32}};
}

Driver driver_of(const std::string& url, const Options& options) {
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  if (is_postgres(url)) return postgres_driver(url, options, cores);
  if (url.find("://") != std::string::npos && !url.starts_with("sqlite:")) {
    throw Error(Error::Kind::refused, "the database URL is of a kind that is not known",
                "sqlite:PATH, PATH or postgresql://USER@HOST/DATABASE");
  }
  return sqlite_driver(database_file(url).value_or(""), options, cores);
}

}  // namespace

std::optional<std::string> database_file(const std::string& url) {
  constexpr std::string_view scheme = "sqlite:";
  if (is_postgres(url)) return std::nullopt;
  return url.starts_with(scheme) ? url.substr(scheme.size()) : url;
}

struct Database::State {
  std::string url;
  Options options;
  bool read_only = false;
  std::unique_ptr<Readers> readers;  // Mode::command: the one connection
  std::unique_ptr<Writer> writer;    // Mode::server
};

Database::Database(const std::string& url, const Options& options) : state_(std::make_unique<State>()) {
  state_->url = text::without_password(url);
  state_->options = options;
  const Driver driver = driver_of(url, options);
  auto first = driver.open(Purpose::writing);
  state_->read_only = first->read_only();
  if (options.migrate && !state_->read_only && !pending_migrations(*first).empty())
    db::migrate(*driver.open(Purpose::migrating), now_seconds());
  if (!pending_migrations(*first).empty() && !options.any_schema) {
    const std::int64_t version = schema_version(*first);
    if (version == 0)
      throw Error(Error::Kind::not_initialised, state_->url + " holds no tables yet", "oauth2ctl init");
    throw Error(Error::Kind::older, fmt::format("{} has the older schema {}", state_->url, version),
                "oauth2ctl db migrate");
  }
  const auto reopen = [this, open = driver.open](Purpose purpose) {
    auto connection = open(purpose);
    if (connection->read_only() && !state_->read_only)
      throw Error(Error::Kind::read_only, state_->url + " has become a standby");
    return connection;
  };
  const bool command = options.mode == Options::Mode::command;
  const Purpose leased = command ? Purpose::writing : Purpose::reading;
  state_->readers = std::make_unique<Readers>(Reconnect([reopen, leased] { return reopen(leased); }),
                                              command ? 1 : driver.readers);
  if (command) {
    state_->readers->add(std::move(first));
  } else if (!state_->read_only) {
    state_->writer = std::make_unique<Writer>(
        std::move(first), Reconnect([reopen] { return reopen(Purpose::writing); }),
        [this](const std::function<void()>& action) { state_->readers->run_alone(action); }, driver.writer);
  }
}

Database::~Database() {
  if (state_->options.mode != Options::Mode::command) return;
  const Readers::Lease lease(*state_->readers);
  if (lease.connection()) lease.connection()->housekeep(false);  // a command is short: only when it must be
}

void Database::run_read(const Job& job, bool snapshot) {
  Readers::Lease lease(*state_->readers);
  lease.with_retries([&](Connection& connection) {
    if (!snapshot) return job(connection);
    connection.begin_read();
    const Rollback rollback{connection};
    job(connection);
    connection.commit();
  });
}

void Database::run_write(const Job& job, Beside beside) {
  if (state_->read_only) {
    throw Error(Error::Kind::read_only, fmt::format("{} can only be read", state_->url));
  }
  if (state_->writer) {
    state_->writer->run(job, beside);
    return;
  }
  Readers::Lease lease(*state_->readers);
  lease.with_retries([&](Connection& connection) {
    connection.begin_write(beside);
    const Rollback rollback{connection};
    job(connection);
    if (!state_->options.dry_run) connection.commit();
  });
}

std::size_t Database::migrate(std::int64_t now) {
  std::size_t applied = 0;
  Readers::Lease(*state_->readers).with_retries([&](Connection& connection) {
    applied = db::migrate(connection, now);
  });
  return applied;
}

bool Database::read_only() const { return state_->read_only; }
bool Database::dry_run() const { return state_->options.dry_run; }
const std::string& Database::url() const { return state_->url; }

std::vector<std::pair<std::string, std::string>> Database::facts() {
  std::vector<std::pair<std::string, std::string>> found;
  Readers::Lease(*state_->readers).with_retries([&](Connection& connection) { found = connection.facts(); });
  return found;
}

std::vector<std::string> Database::check() {
  std::vector<std::string> found;
  Readers::Lease(*state_->readers).with_retries([&](Connection& connection) { found = connection.check(); });
  return found;
}

}  // namespace oauth2::db
