#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "core/db/connection.h"

namespace oauth2::db {

struct Options {
  enum class Mode {
    command,  // one connection, writes on the calling thread
    server,   // a pool of readers and one writer thread with group commit
  };

  Mode mode = Mode::command;
  bool create = false;      // init: make the file (0600) and its directory (0700)
  bool migrate = false;     // bring an older schema up to date instead of refusing it
  bool any_schema = false;  // `db status` and `db migrate`: open an older one as it is
  bool dry_run = false;     // every write is rolled back after it ran
  std::chrono::milliseconds busy_timeout{5000};
};

// The file that an SQLite URL names; nullopt for a database that is no file of ours.
std::optional<std::string> database_file(const std::string& url);

// The database at hand. Safe to use from many threads in Mode::server, from one in Mode::command.
class Database {
 public:
  // `url`: sqlite:PATH, a bare PATH, or postgresql://…. Throws Error.
  Database(const std::string& url, const Options& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Runs `action(Connection&)` on one snapshot. It must not call write(). Like every action here it may run
  // again from its start when the database took back what it had done: it changes nothing but its result.
  template <class Action>
  auto read(Action&& action) {
    return with_result<std::invoke_result_t<Action, Connection&>>(
        std::forward<Action>(action), [this](const Job& job) { run_read(job, true); });
  }

  // The same without the snapshot: each statement sees what is committed when it starts. Cheaper where a
  // database server is asked, and as good for a look at one thing.
  template <class Action>
  auto read_latest(Action&& action) {
    return with_result<std::invoke_result_t<Action, Connection&>>(
        std::forward<Action>(action), [this](const Job& job) { run_read(job, false); });
  }

  // Runs `action(Connection&)` as one atomic step, while nobody else writes unless `beside` says that they
  // may (see Beside), and returns when it is durable. What it throws undoes only this action and comes out
  // here.
  template <class Action>
  auto write(Action&& action, Beside beside = Beside::nobody) {
    return with_result<std::invoke_result_t<Action, Connection&>>(
        std::forward<Action>(action), [this, beside](const Job& job) { run_write(job, beside); });
  }

  // Mode::command only: brings the schema up to date; answers how many migrations that took.
  std::size_t migrate(std::int64_t now);

  bool read_only() const;
  bool dry_run() const;
  const std::string& url() const;  // without the password

  // What it is, for `db status`: path, size in bytes and the like.
  std::vector<std::pair<std::string, std::string>> facts();
  // Problems that the database's own check finds (empty: none).
  std::vector<std::string> check();

 private:
  using Job = std::function<void(Connection&)>;

  template <class Result, class Action, class Run>
  static Result with_result(Action&& action, Run&& run) {
    if constexpr (std::is_void_v<Result>) {
      run(Job([&action](Connection& connection) { action(connection); }));
    } else {
      std::optional<Result> result;
      run(Job([&action, &result](Connection& connection) { result.emplace(action(connection)); }));
      return std::move(*result);
    }
  }

  void run_read(const Job& job, bool snapshot);
  void run_write(const Job& job, Beside beside);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace oauth2::db
