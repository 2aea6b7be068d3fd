#include "core/db/postgres.h"

#include <fmt/format.h>

#include <charconv>
#include <pqxx/pqxx>
#include <unordered_map>

#include "core/crypto/hash.h"
#include "core/db/postgres/catalog.h"
#include "core/db/postgres/conninfo.h"
#include "core/db/postgres/error.h"
#include "core/db/postgres/watchdog.h"
#include "core/text.h"

namespace oauth2::db {
namespace {

// One order on every database: SQLite compares bytes, and ranges of ids rely on it.
constexpr const char* collate_by_bytes = R"(
DO $$
DECLARE one record;
BEGIN
  FOR one IN
    SELECT table_name, string_agg(
             format('ALTER COLUMN %I TYPE text COLLATE "C"', column_name), ', ') AS changes
      FROM information_schema.columns
     WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
     GROUP BY table_name
  LOOP
    EXECUTE format('ALTER TABLE %I %s', one.table_name, one.changes);
  END LOOP;
END $$)";

// Longer than the server lets a statement run: only one that is stuck is cut off.
constexpr auto most_wait = std::chrono::seconds(10);
constexpr std::int32_t lock_space = 0x6F324462;  // "o2Db": advisory locks of ours

class PostgresRow final : public Row {
 public:
  explicit PostgresRow(const pqxx::row& row) : row_(row) {}
  bool is_null(int column) const override { return field(column).is_null(); }
  std::int64_t integer(int column) const override {
    const pqxx::field value = field(column);
    std::int64_t number = 0;
    std::from_chars(value.c_str(), value.c_str() + value.size(), number);
    return number;
  }
  std::string text(int column) const override {
    const pqxx::field value = field(column);
    return {value.c_str(), value.size()};
  }

 private:
  pqxx::field field(int column) const { return row_[static_cast<pqxx::row::size_type>(column)]; }
  const pqxx::row& row_;
};

// A text for libpq: NULL or characters up to a NUL.
using Argument = std::optional<std::string>;

std::vector<Argument> arguments_of(const Parameters& parameters) {
  std::vector<Argument> arguments;
  arguments.reserve(parameters.size());
  for (const Parameter& parameter : parameters) {
    const auto& value = parameter.value();
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      arguments.emplace_back(fmt::format_int(*number).str());
    } else if (const auto* words = std::get_if<std::string_view>(&value)) {
      if (words->find('\0') != std::string_view::npos)  // it would be cut there, and name something else
        throw Error(Error::Kind::failed, "a text with a NUL character cannot be stored");
      arguments.emplace_back(*words);
    } else {
      arguments.emplace_back(std::nullopt);
    }
  }
  return arguments;
}

}  // namespace
}  // namespace oauth2::db

// How libpqxx learns of NULL.
template <>
struct pqxx::string_traits<oauth2::db::Argument> {
  static constexpr const char* name() noexcept { return "argument"; }
  static constexpr bool has_null() noexcept { return true; }
  static bool is_null(const oauth2::db::Argument& argument) { return !argument.has_value(); }
  static std::string to_string(const oauth2::db::Argument& argument) { return *argument; }
};

namespace oauth2::db {
namespace {

class PostgresConnection final : public Connection {
 public:
  PostgresConnection(const std::string& url, const PostgresOptions& options)
      : place_(text::without_password(url)), connection_(postgres_conninfo(url)) {
    // libpqxx would connect again in the middle of a transaction, and the rest of it would be committed.
    // Deprecated because later releases never do it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection_.inhibit_reactivation(true);
#pragma GCC diagnostic pop
    if (options.for_server) watched_ = std::make_unique<Watched>(connection_.sock(), most_wait);
    plain_.emplace(connection_);
    set_up(options);
  }

  std::int64_t run(std::string_view sql, const Parameters& parameters, const RowCallback& each) override {
    const std::vector<Argument> arguments = arguments_of(parameters);
    const pqxx::result result = guarded(
        [&] { return plain_->exec_prepared(prepare(sql), pqxx::prepare::make_dynamic_params(arguments)); });
    if (each) {
      for (const pqxx::row& row : result) each(PostgresRow(row));
    }
    return static_cast<std::int64_t>(result.affected_rows());
  }

  void script(const std::string& sql) override {
    exec(sql);
    exec(collate_by_bytes);
  }

  void begin_read() override {
    only_reads_ = true;
    begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  }
  void begin_write(Beside beside) override {
    only_reads_ = false;
    begin(beside == Beside::nobody ? begin_alone_ : begin_beside_);
  }
  void commit() override {
    // PostgreSQL answers COMMIT of a failed transaction with a rollback, and calls that success.
    if (failed_) {
      rollback();
      throw Error(Error::Kind::failed,
                  place_ + ": a transaction with a failed statement cannot be committed");
    }
    in_transaction_ = false;
    try {
      exec("COMMIT");
    } catch (const Error& error) {
      if (error.kind != Error::Kind::lost || only_reads_) throw;
      throw Error(Error::Kind::outcome_unknown,
                  place_ + ": the connection broke during the commit: it is unknown whether it was stored");
    }
  }
  void rollback() noexcept override {
    if (!in_transaction_) return;
    in_transaction_ = false;
    try {
      exec("ROLLBACK");
      failed_ = false;
    } catch (const std::exception&) {
      broken_ = true;  // the server rolls back when the connection ends
    }
  }
  bool in_transaction() const override { return in_transaction_; }
  void savepoint() override { exec("SAVEPOINT job"); }
  void release_savepoint() override { exec("RELEASE SAVEPOINT job"); }
  void rollback_savepoint() override {
    exec("ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job");
    failed_ = false;
  }

  void housekeep(bool) override {}
  bool wants_quiet() const override { return false; }
  bool read_only() const override { return read_only_; }
  bool broken() const override { return broken_; }
  bool has_table(std::string_view name) override { return postgres_has_table(*this, name); }
  std::vector<Table> tables() override { return postgres_tables(*this); }
  std::vector<std::pair<std::string, std::string>> facts() override { return postgres_facts(*this); }
  std::vector<std::string> check() override { return postgres_check(*this); }

 private:
  void set_up(const PostgresOptions& options);

  template <class Action>
  pqxx::result guarded(Action&& action) {
    try {
      if (watched_) watched_->starts_waiting();
      pqxx::result result = action();
      if (watched_) watched_->has_answer();
      return result;
    } catch (const std::exception&) {
      if (watched_) watched_->has_answer();
      failed_ = in_transaction_;
      broken_ |= !connection_.is_open();
      try {
        rethrow_postgres(place_, broken_);
      } catch (const Error& error) {
        // Libpq may not have seen its end yet; and a server that has become a standby is of no use.
        broken_ |= error.kind == Error::Kind::lost || (error.kind == Error::Kind::read_only && !read_only_);
        in_transaction_ &= !broken_;
        throw;
      }
    }
  }
  // What follows BEGIN in the same text may fail, and then the transaction stands open.
  void begin(const std::string& sql) {
    in_transaction_ = true;
    try {
      exec(sql);
    } catch (...) {
      rollback();
      throw;
    }
  }
  pqxx::result exec(const std::string& sql) {
    return guarded([&] { return plain_->exec(sql); });
  }

  const std::string& prepare(std::string_view sql) {
    const auto found = prepared_.find(sql);
    if (found != prepared_.end()) return found->second;
    const std::string name = fmt::format("s{}", prepared_.size());
    connection_.prepare(name, std::string(sql));
    return prepared_.emplace(sql, name).first->second;
  }

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view sql) const { return std::hash<std::string_view>()(sql); }
  };

  std::string place_;
  pqxx::connection connection_;
  std::unique_ptr<Watched> watched_;             // it goes before the socket does
  pqxx::quiet_errorhandler quiet_{connection_};  // notices are not for stderr
  std::optional<pqxx::nontransaction> plain_;    // BEGIN and COMMIT are ours: their failures differ
  std::unordered_map<std::string, std::string, Hash, std::equal_to<>> prepared_;
  std::string begin_alone_;
  std::string begin_beside_;
  bool in_transaction_ = false;
  bool only_reads_ = false;
  bool failed_ = false;
  bool broken_ = false;
  bool read_only_ = false;
};

// A server looks up rows by keys, always in the same way. Without statistics PostgreSQL takes a new table for
// a small one, and the plan that it then caches reads all of it, also when it has grown; or it plans anew for
// every request.
constexpr const char* plans_for_server =
    "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off;"
    " SET enable_mergejoin = off; SET statement_timeout = 8000;";

// For the length of the session: what is committed is on disk (a deployment may have weakened it to off),
// waits end, and a query that hangs does not hold a request for ever.
void PostgresConnection::set_up(const PostgresOptions& options) {
  const std::string settings = fmt::format(
      "SET client_min_messages = warning; SET jit = off; SET lock_timeout = {};"
      " SET idle_in_transaction_session_timeout = {}; {} {}",
      options.busy_timeout.count(), options.for_server ? 30'000 : 600'000,
      options.query_only ? "SET default_transaction_read_only = on;" : "",
      options.for_server ? plans_for_server : "");
  const pqxx::result facts =
      exec(settings +
           "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') "
           "= 'off';"
           "SELECT current_schema(), current_setting('server_encoding'), pg_is_in_recovery()");
  const auto& row = facts[0];
  if (row[0].is_null()) {
    throw Error(Error::Kind::refused, place_ + " has no schema that this user may use",
                "GRANT USAGE, CREATE ON SCHEMA public TO the user, or name another with "
                "?options=-csearch_path%3DNAME");
  }
  if (std::string_view(row[1].c_str()) != "UTF8") {
    throw Error(Error::Kind::refused, fmt::format("{} has the encoding {}", place_, row[1].c_str()),
                "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0");
  }
  read_only_ = std::string_view(row[2].c_str()) == "t";
  // One lock a deployment, not one a database: others may use it too.
  const std::string digest = crypto::sha256(row[0].c_str());
  std::uint32_t schema = 0;
  for (int i = 0; i < 4; ++i) schema = schema << 8 | static_cast<unsigned char>(digest[i]);
  const auto begin_with = [&](const char* lock) {
    return fmt::format("BEGIN ISOLATION LEVEL READ COMMITTED; SELECT {}({}, {})", lock, lock_space,
                       static_cast<std::int32_t>(schema));
  };
  begin_alone_ = begin_with("pg_advisory_xact_lock");
  begin_beside_ = begin_with("pg_advisory_xact_lock_shared");
}

}  // namespace

// What core/db/postgres.cc looks up in this library: the driver's one door.
extern "C" Connection* oauth2_open_postgres(const std::string& url, const PostgresOptions& options) {
  std::unique_ptr<PostgresConnection> connection;
  try {
    connection = std::make_unique<PostgresConnection>(url, options);
  } catch (const pqxx::pqxx_exception&) {
    rethrow_postgres_connect(text::without_password(url));
  }
  postgres_judge(*connection, text::without_password(url), options.create);
  return connection.release();
}

}  // namespace oauth2::db
