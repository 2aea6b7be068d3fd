#include "core/db/copy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <utility>
#include <variant>

#include "core/db/database.h"

namespace oauth2::db {
namespace {

constexpr std::size_t page_rows = 1000;       // of one SELECT: a driver may hold its whole answer
constexpr std::size_t most_parameters = 500;  // of one INSERT

using Value = std::variant<std::monostate, std::int64_t, std::string>;
using Values = std::vector<Value>;

Value value_of(const Row& row, int column, bool integer) {
  if (row.is_null(column)) return {};
  if (integer) return row.integer(column);
  return row.text(column);
}

// They point into `values`.
Parameters parameters_of(const Values& values) {
  Parameters parameters;
  parameters.reserve(values.size());
  for (const Value& value : values) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      parameters.emplace_back(*number);
    } else if (const auto* words = std::get_if<std::string>(&value)) {
      parameters.emplace_back(*words);
    } else {
      parameters.emplace_back(std::nullopt);
    }
  }
  return parameters;
}

// "$3, $4" for two after the second.
std::string placeholders(std::size_t count, std::size_t after = 0) {
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= count; ++i) names.push_back(fmt::format("${}", after + i));
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string column_list(const Table& table) {
  std::vector<std::string> names;
  for (const Table::Column& column : table.columns) names.push_back(column.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

// Gathers rows until they fill one INSERT. There are two texts a table, so that few statements are kept
// prepared: a full one, and single rows for the rest.
class Inserter {
 public:
  Inserter(Connection& to, const Table& table)
      : to_(to),
        columns_(table.columns.size()),
        most_rows_(std::max<std::size_t>(1, most_parameters / columns_)),
        insert_(fmt::format("INSERT INTO {} ({}) VALUES ", table.name, column_list(table))) {
    std::vector<std::string> rows;
    for (std::size_t i = 0; i < most_rows_; ++i)
      rows.push_back(fmt::format("({})", placeholders(columns_, i * columns_)));
    insert_many_ = fmt::format("{}{}", insert_, fmt::join(rows, ", "));
    insert_one_ = insert_ + rows.front();
  }

  void add(const Row& row, const Table& table) {
    for (std::size_t i = 0; i < columns_; ++i)
      waiting_.push_back(value_of(row, static_cast<int>(i), table.columns[i].integer));
    if (waiting_.size() < most_rows_ * columns_) return;
    inserted_ += to_.run(insert_many_, parameters_of(waiting_));
    waiting_.clear();
  }

  // Inserts what still waits; answers the rows inserted since the start.
  std::int64_t finish() {
    const Parameters all = parameters_of(waiting_);
    for (auto row = all.begin(); row != all.end(); row += static_cast<std::ptrdiff_t>(columns_))
      inserted_ += to_.run(insert_one_, Parameters(row, row + static_cast<std::ptrdiff_t>(columns_)));
    waiting_.clear();
    return inserted_;
  }

 private:
  Connection& to_;
  const std::size_t columns_;
  const std::size_t most_rows_;
  const std::string insert_;
  std::string insert_many_;
  std::string insert_one_;
  Values waiting_;
  std::int64_t inserted_ = 0;
};

// Reads a table in pages, each beginning after the primary key at which the one before ended.
class Pages {
 public:
  Pages(Connection& from, const Table& table) : from_(from) {
    for (const std::string& name : table.primary_key) {
      const auto column = std::find_if(table.columns.begin(), table.columns.end(),
                                       [&](const Table::Column& each) { return each.name == name; });
      if (column == table.columns.end()) continue;
      key_.emplace_back(static_cast<int>(column - table.columns.begin()), column->integer);
    }
    if (key_.empty())
      throw Error(Error::Kind::failed, fmt::format("{} has no primary key to read it by", table.name));
    const std::string key = fmt::format("{}", fmt::join(table.primary_key, ", "));
    const std::string select = fmt::format("SELECT {} FROM {}", column_list(table), table.name);
    const std::string rest = fmt::format(" ORDER BY {} LIMIT {}", key, page_rows);
    first_ = select + rest;
    next_ = fmt::format("{} WHERE ({}) > ({}){}", select, key, placeholders(key_.size()), rest);
  }

  // False when this was the last page.
  bool read(const RowCallback& each) {
    std::size_t rows = 0;
    Values last;  // not at_: the statement still uses that
    from_.run(at_.empty() ? first_ : next_, parameters_of(at_), [&](const Row& row) {
      each(row);
      if (++rows < page_rows) return;
      for (const auto& [column, integer] : key_) last.push_back(value_of(row, column, integer));
    });
    at_ = std::move(last);
    return rows >= page_rows;
  }

 private:
  Connection& from_;
  std::vector<std::pair<int, bool>> key_;  // column, and whether it is an integer
  std::string first_;
  std::string next_;
  Values at_;
};

std::int64_t count(Connection& connection, const std::string& table) {
  return connection.number(fmt::format("SELECT count(*) FROM {}", table), {});
}

std::int64_t copy_table(Connection& from, Connection& to, const Table& table, CopyProgress progress,
                        const CopyCallback& callback) {
  Pages pages(from, table);
  Inserter inserter(to, table);
  const auto copy_row = [&](const Row& row) {
    inserter.add(row, table);
    ++progress.done;
  };
  bool more = true;
  while (more) {
    more = pages.read(copy_row);
    callback(progress);
  }
  return inserter.finish();
}

// What a database says of a row seldom names the table.
std::int64_t copy_named_table(Connection& from, Connection& to, const Table& table,
                              const CopyProgress& progress, const CopyCallback& callback) {
  try {
    return copy_table(from, to, table, progress, callback);
  } catch (const Conflict& conflict) {  // the target was empty: the source itself has the value twice
    throw Error(Error::Kind::failed, fmt::format("{}: {}", table.name, conflict.what()));
  } catch (const Error& error) {
    throw Error(error.kind, fmt::format("{}: {}", table.name, error.what()), error.hint);
  }
}

}  // namespace

bool same_database(const std::string& url, const std::string& other) {
  const auto file = database_file(url);
  const auto other_file = database_file(other);
  if (!file || !other_file) return url == other;
  std::error_code ignored;
  return std::filesystem::weakly_canonical(*file, ignored) ==
         std::filesystem::weakly_canonical(*other_file, ignored);
}

std::optional<std::string> find_filled_table(Connection& connection) {
  for (const Table& table : connection.tables()) {
    bool filled = false;
    connection.run(fmt::format("SELECT 1 FROM {} LIMIT 1", table.name), {},
                   [&](const Row&) { filled = true; });
    if (filled) return table.name;
  }
  return std::nullopt;
}

std::vector<TableRows> count_rows(Connection& connection, const std::vector<Table>& tables) {
  std::vector<TableRows> counts;
  for (const Table& table : tables) counts.push_back({table.name, count(connection, table.name)});
  return counts;
}

std::vector<TableRows> copy_rows(Connection& from, Connection& to, const CopyCallback& callback) {
  const std::vector<Table> tables = to.tables();
  const std::vector<TableRows> counts = count_rows(from, tables);
  CopyProgress progress;
  for (const TableRows& each : counts) progress.all += each.rows;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    progress.table = tables[i].name;
    const std::int64_t inserted = copy_named_table(from, to, tables[i], progress, callback);
    const std::int64_t arrived = count(to, tables[i].name);
    if (inserted != counts[i].rows || arrived != counts[i].rows) {
      throw Error(Error::Kind::failed,
                  fmt::format("{} has {} rows, but {} were inserted and {} arrived", tables[i].name,
                              counts[i].rows, inserted, arrived),
                  "oauth2ctl db check");
    }
    progress.done += inserted;
  }
  return counts;
}

}  // namespace oauth2::db
