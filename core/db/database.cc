#include "core/db/database.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "core/db/migrate.h"
#include "core/db/sqlite.h"
#include "core/db/writer.h"
#include "core/time.h"

namespace oauth2::db {
namespace {

// The driver for a URL; the only place that asks which database it is.
std::unique_ptr<Connection> open(const std::string& url, const SqliteOptions& options) {
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
    throw Error(Error::Kind::unreachable, "this build has no PostgreSQL", "use sqlite:PATH");
  }
  const std::string path = sqlite_path(url);
  if (path.empty() || path.find('\0') != std::string::npos) {
    throw Error(Error::Kind::unreachable, "the database's path is empty", "--db sqlite:PATH");
  }
  return open_sqlite(path, options);
}

// The connections for reading that requests lease: about twice the cores. One a thread cost memory and gained
// nothing.
class Readers {
 public:
  class Lease {
   public:
    explicit Lease(Readers& readers) : readers_(readers), connection_(readers.take()) {}
    ~Lease() { readers_.give_back(std::move(connection_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Connection& operator*() { return *connection_; }

   private:
    Readers& readers_;
    std::unique_ptr<Connection> connection_;
  };

  void add(std::unique_ptr<Connection> connection) { free_.push_back(std::move(connection)); }
  std::size_t size() const { return free_.size(); }

  // Waits until all leases are back and hands out none while `action` runs. An action of Database::read must
  // not write, or both would wait for each other.
  void run_alone(const std::function<void()>& action) {
    std::unique_lock lock(mutex_);
    held_back_ = true;
    all_back_.wait(lock, [this] { return leased_ == 0; });
    lock.unlock();
    action();
    lock.lock();
    held_back_ = false;
    returned_.notify_all();
  }

 private:
  std::unique_ptr<Connection> take() {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [this] { return !free_.empty() && !held_back_; });
    ++leased_;
    auto connection = std::move(free_.back());
    free_.pop_back();
    return connection;
  }
  void give_back(std::unique_ptr<Connection> connection) {
    {
      std::lock_guard lock(mutex_);
      free_.push_back(std::move(connection));
      if (--leased_ == 0 && held_back_) all_back_.notify_one();
    }
    returned_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable returned_;
  std::condition_variable all_back_;
  std::size_t leased_ = 0;
  bool held_back_ = false;
  std::vector<std::unique_ptr<Connection>> free_;
};

struct Rollback {
  Connection& connection;
  ~Rollback() { connection.rollback(); }  // does nothing after a commit
};

}  // namespace

std::string sqlite_path(const std::string& url) {
  constexpr std::string_view scheme = "sqlite:";
  return url.starts_with(scheme) ? url.substr(scheme.size()) : url;
}

struct Database::State {
  std::string url;
  Options options;
  bool read_only = false;
  Readers readers;                 // Mode::command: the one connection
  std::unique_ptr<Writer> writer;  // Mode::server
};

Database::Database(const std::string& url, const Options& options) : state_(std::make_unique<State>()) {
  state_->url = url;
  state_->options = options;
  auto first = open(url, {options.create, options.busy_timeout, false});
  state_->read_only = first->read_only();
  if (options.migrate && !state_->read_only) db::migrate(*first, now_seconds());
  if (!pending_migrations(*first).empty() && !options.any_schema) {
    const std::int64_t version = schema_version(*first);
    if (version == 0)
      throw Error(Error::Kind::not_initialised, url + " holds no tables yet", "oauth2ctl init");
    throw Error(Error::Kind::older, fmt::format("{} has the older schema {}", url, version),
                "oauth2ctl db migrate");
  }
  if (options.mode == Options::Mode::command) {
    state_->readers.add(std::move(first));
    return;
  }
  const std::size_t readers = std::max(2U, 2 * std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < readers; ++i)
    state_->readers.add(open(url, {false, options.busy_timeout, true}));
  if (!state_->read_only)
    state_->writer = std::make_unique<Writer>(
        std::move(first), [this](const std::function<void()>& action) { state_->readers.run_alone(action); });
}

Database::~Database() {
  if (state_->options.mode == Options::Mode::command && state_->readers.size() == 1) {
    (*Readers::Lease(state_->readers)).housekeep(false);  // a command is short: only when it must be
  }
}

void Database::run_read(const Job& job) {
  Readers::Lease lease(state_->readers);
  Connection& connection = *lease;
  connection.begin_read();
  const Rollback rollback{connection};
  job(connection);
  connection.commit();
}

void Database::run_write(const Job& job) {
  if (state_->read_only) {
    throw Error(Error::Kind::read_only, fmt::format("{} can only be read", state_->url));
  }
  if (state_->writer) {
    state_->writer->run(job);
    return;
  }
  Readers::Lease lease(state_->readers);
  Connection& connection = *lease;
  connection.begin_write();
  const Rollback rollback{connection};
  job(connection);
  if (!state_->options.dry_run) connection.commit();
}

std::size_t Database::migrate(std::int64_t now) {
  Readers::Lease lease(state_->readers);
  return db::migrate(*lease, now);
}

bool Database::read_only() const { return state_->read_only; }
bool Database::dry_run() const { return state_->options.dry_run; }
const std::string& Database::url() const { return state_->url; }

std::vector<std::pair<std::string, std::string>> Database::facts() {
  Readers::Lease lease(state_->readers);
  return (*lease).facts();
}

std::vector<std::string> Database::check() {
  Readers::Lease lease(state_->readers);
  return (*lease).check();
}

}  // namespace oauth2::db
