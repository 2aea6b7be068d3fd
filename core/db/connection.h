#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/db/error.h"

namespace oauth2::db {

// A value for $1, $2 …; texts must live until the statement has run.
class Parameter {
 public:
  Parameter(std::int64_t value) : value_(value) {}                          // NOLINT: meant to convert
  Parameter(std::string_view value) : value_(value) {}                      // NOLINT
  Parameter(const std::string& value) : value_(std::string_view(value)) {}  // NOLINT
  Parameter(const char* value) : value_(std::string_view(value)) {}         // NOLINT
  Parameter(std::nullopt_t) : value_(std::monostate()) {}                   // NOLINT
  Parameter(const std::optional<std::int64_t>& value) {                     // NOLINT
    if (value) value_ = *value;
  }
  Parameter(const std::optional<std::string>& value) {  // NOLINT
    if (value) value_ = std::string_view(*value);
  }
  Parameter(bool) = delete;  // a flag is stored as 0 or 1: write flag ? 1 : 0 … as an int64

  const std::variant<std::monostate, std::int64_t, std::string_view>& value() const { return value_; }

 private:
  std::variant<std::monostate, std::int64_t, std::string_view> value_;
};

using Parameters = std::vector<Parameter>;

// The row that a statement stands on; columns count from 0.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual std::string text(int column) const = 0;

  bool flag(int column) const { return integer(column) != 0; }
  std::optional<std::int64_t> optional_integer(int column) const {
    return is_null(column) ? std::nullopt : std::optional(integer(column));
  }
  std::optional<std::string> optional_text(int column) const {
    return is_null(column) ? std::nullopt : std::optional(text(column));
  }
};

using RowCallback = std::function<void(const Row&)>;

// A table as the database has it.
struct Table {
  struct Column {
    std::string name;
    bool integer = false;  // BIGINT, else TEXT
  };
  std::string name;
  std::vector<Column> columns;           // in their order
  std::vector<std::string> primary_key;  // names of columns
};

// Beside whom a transaction may write. `nobody`: no other write runs until it ends, so that what it has read
// stays true. `others`: beside others that said so too; only for statements that are right whatever those
// do: an insert, or an update that claims its row by a condition. SQLite has one writer in any case.
enum class Beside { nobody, others };

// The seam: one connection of a driver, used by one thread at a time. Every statement is prepared once and
// kept. All throw Error; run() throws Conflict where a unique value is taken, NoValue
// where a column that needs a value would get none.
class Connection {
 public:
  virtual ~Connection() = default;

  // One statement of the SQL subset (schema/README.md). Calls `each` for every row; answers the number of
  // rows that it inserted, updated or deleted.
  virtual std::int64_t run(std::string_view sql, const Parameters& parameters, const RowCallback& each) = 0;
  std::int64_t run(std::string_view sql, const Parameters& parameters = {}) {
    return run(sql, parameters, {});
  }

  // The integer that a statement answers in one row of one column, such as a count.
  std::int64_t number(std::string_view sql, const Parameters& parameters = {}) {
    std::int64_t answer = 0;
    run(sql, parameters, [&](const Row& row) { answer = row.integer(0); });
    return answer;
  }

  // Several statements without parameters: a migration.
  virtual void script(const std::string& sql) = 0;

  virtual void begin_read() = 0;  // one snapshot for all reads until commit()
  // Waits for the write lock; Error::Kind::busy after the timeout.
  virtual void begin_write(Beside beside) = 0;
  void begin_write() { begin_write(Beside::nobody); }
  virtual void commit() = 0;  // returns when what was written is durable; Error::Kind::outcome_unknown
  virtual void rollback() noexcept = 0;
  virtual bool in_transaction() const = 0;

  virtual void savepoint() = 0;
  virtual void release_savepoint() = 0;
  virtual void rollback_savepoint() = 0;

  // Between transactions, by whoever writes: upkeep that the driver needs. SQLite: the checkpoint rule. With
  // `leaving`, also what could wait otherwise.
  virtual void housekeep(bool leaving) = 0;
  // True when upkeep gets nowhere while others read: hold readers back for one housekeep(true) and one
  // transaction.
  virtual bool wants_quiet() const = 0;
  virtual bool read_only() const = 0;
  // True when it is of no more use, as when the database server has gone: throw it away and open another.
  virtual bool broken() const = 0;

  virtual bool has_table(std::string_view name) = 0;
  // All but schema_migrations, in an order in which each refers only to those before it.
  virtual std::vector<Table> tables() = 0;
  virtual std::vector<std::pair<std::string, std::string>> facts() = 0;  // for `db status`
  virtual std::vector<std::string> check() = 0;                          // for `db check`; empty: sound
};

}  // namespace oauth2::db
