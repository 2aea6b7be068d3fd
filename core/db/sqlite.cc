#include "core/db/sqlite.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <chrono>
#include <thread>
#include <unordered_map>

#include "core/db/sqlite_file.h"

namespace oauth2::db {
namespace {

constexpr std::int64_t application_id = 0x6F324462;  // "o2Db": this file is ours
constexpr int many_frames = 4000;                    // 16 MB of WAL: the checkpoint's cost is spread thin
constexpr int too_many_frames = 4 * many_frames;     // 64 MB: readers have kept the WAL from starting over
constexpr int wal_reset_fixed_in = 3'051'003;  // before: a checkpoint racing a commit can corrupt the file

Error::Kind kind_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error::Kind::busy;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return Error::Kind::foreign;
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return Error::Kind::not_permitted;
    case SQLITE_READONLY:
      return Error::Kind::read_only;
    case SQLITE_FULL:
      return Error::Kind::full;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
      return Error::Kind::unreachable;
    default:
      return Error::Kind::failed;
  }
}

[[noreturn]] void rethrow(const SQLite::Exception& error, const std::string& path) {
  const int extended = error.getExtendedErrorCode();
  if (extended == SQLITE_CONSTRAINT_PRIMARYKEY || extended == SQLITE_CONSTRAINT_UNIQUE)
    throw Conflict(error.what());
  if (extended == SQLITE_CONSTRAINT_NOTNULL) throw NoValue(error.what());
  const Error::Kind kind = kind_of(error.getErrorCode());
  if (kind == Error::Kind::busy) throw Error(kind, fmt::format("{} is locked by another process", path));
  if (kind == Error::Kind::foreign) {
    throw Error(kind, fmt::format("{} is not an oauth2ctl database, or is damaged ({})", path, error.what()));
  }
  throw Error(kind, fmt::format("{}: {}", path, error.what()));
}

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  std::string text(int column) const override {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    if (!bytes) return "";
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  sqlite3_stmt* statement_;
};

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

// $1 … bound by name: SQLite numbers them by first appearance in the text.
struct Prepared {
  std::unique_ptr<sqlite3_stmt, Finalize> statement;
  std::vector<int> index;  // of $1, $2 …; 0 where the text has none
};

int bind_one(sqlite3_stmt* statement, int index, const Parameter& parameter) {
  const auto& value = parameter.value();
  if (const auto* number = std::get_if<std::int64_t>(&value))
    return sqlite3_bind_int64(statement, index, *number);
  const auto* words = std::get_if<std::string_view>(&value);
  if (!words) return sqlite3_bind_null(statement, index);
  // Not copied: a parameter's text lives until the statement has run. A null pointer would mean NULL.
  return sqlite3_bind_text64(statement, index, words->empty() ? "" : words->data(), words->size(),
                             SQLITE_STATIC, SQLITE_UTF8);
}

void bind(sqlite3* database, Prepared& prepared, const Parameters& parameters) {
  sqlite3_stmt* const statement = prepared.statement.get();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (i >= prepared.index.size()) {
      prepared.index.push_back(sqlite3_bind_parameter_index(statement, fmt::format("${}", i + 1).c_str()));
    }
    const int index = prepared.index[i];
    if (index == 0) continue;
    const int code = bind_one(statement, index, parameters[i]);
    if (code != SQLITE_OK) throw SQLite::Exception(database, code);
  }
}

// A statement goes back clean whatever happened: one left open would hold the snapshot.
struct Reset {
  sqlite3_stmt* statement;
  ~Reset() { sqlite3_reset(statement); }
};

class SqliteConnection final : public Connection {
 public:
  SqliteConnection(std::string path, const SqliteFile& file, const SqliteOptions& options)
      : path_(std::move(path)),
        file_(file),
        database_(file.uri,
                  (file.read_only ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE) | SQLite::OPEN_URI |
                      SQLite::OPEN_NOMUTEX,
                  static_cast<int>(options.busy_timeout.count())),
        busy_timeout_(options.busy_timeout) {
    sqlite3_busy_handler(database_.getHandle(), &SqliteConnection::wait_for_lock, this);
    sqlite3_extended_result_codes(database_.getHandle(), 1);
    sqlite3_db_config(database_.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_db_config(database_.getHandle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    database_.exec("PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY");  // savepoints keep pages there
    if (options.query_only) database_.exec("PRAGMA query_only=ON");
    if (!file_.read_only) {
      database_.exec(
          "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=67108864");
      sqlite3_wal_hook(database_.getHandle(), &SqliteConnection::count_frames, this);
    }
  }

  std::int64_t run(std::string_view sql, const Parameters& parameters, const RowCallback& each) override {
    try {
      Prepared& prepared = prepare(sql);
      sqlite3_stmt* const statement = prepared.statement.get();
      const Reset reset{statement};
      bind(database_.getHandle(), prepared, parameters);
      const SqliteRow row(statement);
      int code = sqlite3_step(statement);
      for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
        if (each) each(row);
      }
      if (code != SQLITE_DONE) throw SQLite::Exception(database_.getHandle(), code);
      return sqlite3_changes(database_.getHandle());
    } catch (const SQLite::Exception& error) {
      rethrow(error, path_);
    }
  }

  void script(const std::string& sql) override {
    try {
      database_.exec(sql);
    } catch (const SQLite::Exception& error) {
      rethrow(error, path_);
    }
  }
  void begin_read() override { execute("BEGIN"); }
  void begin_write(Beside) override {
    if (file_.read_only) throw Error(Error::Kind::read_only, fmt::format("{} can only be read", path_));
    execute("BEGIN IMMEDIATE");
  }
  void commit() override { execute("COMMIT"); }
  void rollback() noexcept override {
    if (in_transaction()) database_.tryExec("ROLLBACK");
  }
  bool in_transaction() const override { return sqlite3_get_autocommit(database_.getHandle()) == 0; }
  void savepoint() override { execute("SAVEPOINT job"); }
  void release_savepoint() override { execute("RELEASE job"); }
  void rollback_savepoint() override {
    execute("ROLLBACK TO job");
    execute("RELEASE job");
  }
  bool read_only() const override { return file_.read_only; }
  bool broken() const override { return false; }
  bool has_table(std::string_view name) override;
  std::vector<Table> tables() override;

  // See the durability rules in ARCHITECTURE.md. Only PASSIVE can run beside a lock that is held.
  void housekeep(bool leaving) override {
    if (file_.read_only || frames_ == 0 || (frames_ < checkpoint_at_ && !leaving)) return;
    checkpoint_at_ =
        frames_ + many_frames;  // also where it fails: the WAL keeps everything, a later commit tries again
    try {
      const bool lock_first = sqlite3_libversion_number() < wal_reset_fixed_in;
      if (lock_first) hold_write_lock();
      sqlite3_wal_checkpoint_v2(database_.getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
      if (lock_first) lock_holder_->exec("ROLLBACK");
    } catch (const std::exception&) {
      if (lock_holder_) lock_holder_->tryExec("ROLLBACK");
    }
  }
  bool wants_quiet() const override { return frames_ >= too_many_frames; }

  std::vector<std::pair<std::string, std::string>> facts() override;
  std::vector<std::string> check() override;
  void judge(bool create);

 private:
  // SQLite keeps no queue, and its own handler soon asks only ten times a second: beside a server that writes
  // all the time, whose pauses last microseconds, a command line would hardly ever find the lock free.
  static int wait_for_lock(void* self, int asked) {
    auto* connection = static_cast<SqliteConnection*>(self);
    const auto now = std::chrono::steady_clock::now();
    if (asked == 0) connection->waits_since_ = now;
    if (now - connection->waits_since_ >= connection->busy_timeout_) return 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return 1;
  }

  // After each commit: how many frames the WAL has; fewer than before when it was started over.
  static int count_frames(void* self, sqlite3*, const char*, int frames) {
    auto* connection = static_cast<SqliteConnection*>(self);
    if (frames < connection->frames_) connection->checkpoint_at_ = many_frames;
    connection->frames_ = frames;
    return SQLITE_OK;
  }

  void hold_write_lock() {
    if (!lock_holder_) {
      lock_holder_ = std::make_unique<SQLite::Database>(
          file_.uri, SQLite::OPEN_READWRITE | SQLite::OPEN_URI | SQLite::OPEN_NOMUTEX, 100);
      lock_holder_->exec("PRAGMA wal_autocheckpoint=0");
      sqlite3_db_config(lock_holder_->getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    }
    lock_holder_->exec("BEGIN IMMEDIATE");
  }

  // BEGIN, COMMIT and the like run for every request: they are prepared once too.
  void execute(std::string_view sql) { run(sql, {}, {}); }

  Prepared& prepare(std::string_view sql) {
    const auto found = statements_.find(sql);
    if (found != statements_.end()) return *found->second;
    auto text = std::make_unique<const std::string>(sql);
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(database_.getHandle(), text->data(), static_cast<int>(text->size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) throw SQLite::Exception(database_.getHandle(), code);
    auto prepared = std::make_unique<Prepared>();
    prepared->statement.reset(statement);
    const std::string_view key = *texts_.emplace_back(std::move(text));
    return *statements_.emplace(key, std::move(prepared)).first->second;
  }

  std::string scalar(const char* sql) { return database_.execAndGet(sql).getString(); }

  std::string path_;
  SqliteFile file_;
  SQLite::Database database_;
  std::chrono::milliseconds busy_timeout_;
  std::chrono::steady_clock::time_point waits_since_;
  std::unique_ptr<SQLite::Database> lock_holder_;
  std::vector<std::unique_ptr<const std::string>> texts_;  // what the keys of statements_ point into
  std::unordered_map<std::string_view, std::unique_ptr<Prepared>> statements_;
  int frames_ = 0;
  int checkpoint_at_ = many_frames;
};

void SqliteConnection::judge(bool create) {
  try {
    const std::int64_t id = database_.execAndGet("PRAGMA application_id").getInt64();
    const std::int64_t tables = database_.execAndGet("SELECT count(*) FROM sqlite_schema").getInt64();
    if (id != application_id && (id != 0 || tables != 0)) {
      throw Error(Error::Kind::foreign, fmt::format("{} is another program's database", path_),
                  "name the right file with --db");
    }
    if (id == 0 && !create) {
      throw Error(Error::Kind::not_initialised, fmt::format("{} is empty", path_), "oauth2ctl init");
    }
    if (id == 0) {
      database_.exec(fmt::format("PRAGMA application_id={}", application_id));
    }
    if (!file_.read_only && scalar("PRAGMA journal_mode") != "wal") database_.exec("PRAGMA journal_mode=WAL");
  } catch (const SQLite::Exception& error) {
    rethrow(error, path_);
  }
}

std::vector<std::pair<std::string, std::string>> SqliteConnection::facts() {
  try {
    return {{"engine", fmt::format("SQLite {}", sqlite3_libversion())},
            {"path", path_},
            {"size", scalar("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")},
            {"journal_mode", scalar("PRAGMA journal_mode")}};
  } catch (const SQLite::Exception& error) {
    rethrow(error, path_);
  }
}

bool SqliteConnection::has_table(std::string_view name) {
  bool found = false;
  run("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1", {name},
      [&](const Row&) { found = true; });
  return found;
}

// sqlite_master has them as they were made, and a table refers only to what was there when it was made.
std::vector<Table> SqliteConnection::tables() {
  std::vector<Table> tables;
  run("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'schema_migrations' ORDER BY rowid",
      {}, [&](const Row& row) {
        tables.push_back({row.text(0), {}, {}});
      });
  for (Table& table : tables) {
    run("SELECT name, type FROM pragma_table_info($1) ORDER BY cid", {table.name}, [&](const Row& row) {
      table.columns.push_back({row.text(0), row.text(1) == "BIGINT"});
    });
    run("SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk", {table.name},
        [&](const Row& row) { table.primary_key.push_back(row.text(0)); });
  }
  return tables;
}

std::vector<std::string> SqliteConnection::check() {
  std::vector<std::string> problems;
  try {
    SQLite::Statement integrity(database_, "PRAGMA integrity_check(20)");
    while (integrity.executeStep()) {
      const std::string line = integrity.getColumn(0).getString();
      if (line != "ok") problems.push_back(line);
    }
    SQLite::Statement keys(database_, "PRAGMA foreign_key_check");
    while (keys.executeStep() && problems.size() < 20) {
      problems.push_back(fmt::format("a row of {} points to nothing in {}", keys.getColumn(0).getString(),
                                     keys.getColumn(2).getString()));
    }
  } catch (const SQLite::Exception& error) {
    problems.emplace_back(error.what());
  }
  return problems;
}

}  // namespace

std::unique_ptr<Connection> open_sqlite(const std::string& path, const SqliteOptions& options) {
  // No statistics of memory: they cost every allocation a lock that all connections share.
  static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)configured;
  const SqliteFile file = prepare_sqlite_file(path, options.create);
  try {
    auto connection = std::make_unique<SqliteConnection>(path, file, options);
    connection->judge(options.create);
    return connection;
  } catch (const SQLite::Exception& error) {
    rethrow(error, path);
  }
}

}  // namespace oauth2::db
