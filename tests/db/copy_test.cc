#include "core/db/copy.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

#include "tests/support.h"

using namespace oauth2;

namespace {

constexpr std::int64_t biggest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();

std::vector<db::TableRows> copy(
    db::Database& from, db::Database& to, const db::CopyCallback& progress = [](const auto&) {}) {
  return from.read([&](db::Connection& source) {
    return to.write([&](db::Connection& target) { return db::copy_rows(source, target, progress); });
  });
}

std::int64_t rows_of(const std::vector<db::TableRows>& counts, const std::string& table) {
  for (const auto& each : counts) {
    if (each.table == table) return each.rows;
  }
  return -1;
}

std::optional<std::string> filled_table(db::Database& database) {
  return database.read([](db::Connection& connection) { return db::find_filled_table(connection); });
}

// Every value of every table, with its kind.
std::vector<std::string> contents(db::Database& database) {
  std::vector<std::string> seen;
  database.read([&](db::Connection& connection) {
    for (const db::Table& table : connection.tables()) {
      std::string order;
      for (const std::string& key : table.primary_key) order += (order.empty() ? "" : ", ") + key;
      connection.run("SELECT * FROM " + table.name + " ORDER BY " + order, {}, [&](const db::Row& row) {
        std::string line = table.name;
        for (int i = 0; i < static_cast<int>(table.columns.size()); ++i)
          line += row.is_null(i) ? "|NULL" : "|'" + row.text(i) + "'";
        seen.push_back(line);
      });
    }
  });
  return seen;
}

void insert_client(db::Connection& connection, const std::string& id) {
  connection.run(
      "INSERT INTO clients (id, name, grant_types, response_types, scope, default_scope,"
      " token_endpoint_auth_method, introspect, internal, skip_consent, created_at, updated_at)"
      " VALUES ($1, $1, '', '', '', '', 'none', 'own', 0, 0, 1, 1)",
      {id});
}

void insert_uri(db::Connection& connection, const std::string& client, std::int64_t position) {
  connection.run("INSERT INTO redirect_uris (client_id, position, uri) VALUES ($1, $2, $3)",
                 {client, position, "https://" + client + ".example/" + std::to_string(position)});
}

void put(db::Connection& connection, const std::string& name, const std::string& value = "x") {
  connection.run("INSERT INTO deployment (name, value) VALUES ($1, $2)", {name, value});
}

}  // namespace

TEST_CASE("absent, empty, long and foreign-language texts and the biggest integers arrive as they were") {
  TestDatabase from, to;
  from->write([](db::Connection& connection) {
    insert_client(connection, "c");
    connection.run(
        "INSERT INTO client_secrets (id, client_id, secret_hash, created_at, expires_at)"
        " VALUES ('1', 'c', '', $1, NULL), ('2', 'c', 'h', $2, $1), ('3', 'c', '007', 0, -1)",
        {biggest, smallest});
    put(connection, "", "");
    put(connection, "Grüße, 世界, 👋", "it's \"quoted\"; $1 \\ \n\t end ");
    put(connection, "long", std::string(300'000, 'l'));
    put(connection, "digits", "0010");
  });
  const auto counts = copy(*from, *to);
  CHECK(contents(*from) == contents(*to));
  CHECK(rows_of(counts, "client_secrets") == 3);
  CHECK(rows_of(counts, "deployment") == 4);
  CHECK(rows_of(counts, "tokens") == 0);
  CHECK(rows_of(counts, "schema_migrations") == -1);
  CHECK(to->check().empty());
}

TEST_CASE("a table is whole wherever its pages end, by a key of two columns") {
  for (const std::int64_t rows : {1, 999, 1000, 1001, 2000, 2500}) {
    CAPTURE(rows);
    TestDatabase from, to;
    from->write([&](db::Connection& connection) {
      insert_client(connection, "b");
      insert_client(connection, "B");
      insert_uri(connection, "B", smallest);  // the page ends within the second client
      for (std::int64_t i = 0; i < rows - 1; ++i) insert_uri(connection, i < 700 ? "B" : "b", i * 1'000'003);
    });
    CHECK(rows_of(copy(*from, *to), "redirect_uris") == rows);
    CHECK(contents(*from) == contents(*to));
  }
}

TEST_CASE("a table is whole wherever its pages end, by a text with capitals, blanks and umlauts") {
  TestDatabase from, to;
  from->write([](db::Connection& connection) {
    for (int i = 0; i < 500; ++i) {
      for (const std::string prefix : {"a", "A", "ä", "", " ", "_", "😀"})
        put(connection, prefix + std::to_string(i));
    }
  });
  CHECK(rows_of(copy(*from, *to), "deployment") == 3500);
  CHECK(contents(*from) == contents(*to));
}

TEST_CASE("progress only grows, names the tables, and ends with all rows") {
  TestDatabase from, to;
  from->write([](db::Connection& connection) {
    for (int i = 0; i < 2500; ++i) put(connection, std::to_string(i));
    insert_client(connection, "c");
  });
  std::int64_t done = 0, calls = 0, all = 0;
  copy(*from, *to, [&](const db::CopyProgress& progress) {
    CHECK(progress.done >= done);
    CHECK_FALSE(progress.table.empty());
    done = progress.done;
    all = progress.all;
    ++calls;
  });
  CHECK(done == 2501);
  CHECK(all == 2501);
  CHECK(calls > 3);
}

TEST_CASE("a copy that is stopped in the middle leaves nothing, and may be tried again") {
  TestDatabase from, to;
  from->write([](db::Connection& connection) {
    for (int i = 0; i < 2500; ++i) put(connection, std::to_string(i));
  });
  const auto stop = [](const db::CopyProgress& progress) {
    if (progress.done >= 2000) throw std::runtime_error("stop");
  };
  CHECK_THROWS_WITH(copy(*from, *to, stop), "stop");
  CHECK_FALSE(filled_table(*to));
  copy(*from, *to);
  CHECK(contents(*from) == contents(*to));
}

TEST_CASE("a row that the target refuses undoes the copy, and the error names the table" *
          doctest::skip(on_postgresql())) {
  TestDatabase from, to;
  from->write([](db::Connection& connection) {
    insert_client(connection, "c");
    for (int i = 0; i < 1500; ++i) insert_uri(connection, "c", i);
  });
  to->write([](db::Connection& connection) {
    connection.script(
        "CREATE TRIGGER t BEFORE INSERT ON redirect_uris WHEN NEW.position = 1200"
        " BEGIN SELECT RAISE(ABORT, 'no room'); END");
  });
  try {
    copy(*from, *to);
    FAIL("it was copied");
  } catch (const db::Error& error) {
    CHECK(std::string(error.what()).find("redirect_uris: ") == 0);
    CHECK(std::string(error.what()).find("no room") != std::string::npos);
  }
  CHECK_FALSE(filled_table(*to));
}

TEST_CASE("rows that do not arrive are noticed" * doctest::skip(on_postgresql())) {
  TestDatabase from, to;
  from->write([](db::Connection& connection) { put(connection, "one"); });
  to->write([](db::Connection& connection) {
    connection.script("CREATE TRIGGER t AFTER INSERT ON deployment BEGIN DELETE FROM deployment; END");
  });
  CHECK_THROWS_WITH_AS(copy(*from, *to), "deployment has 1 rows, but 1 were inserted and 0 arrived",
                       db::Error);
  CHECK_FALSE(filled_table(*to));
}

TEST_CASE("rows that no page reaches are noticed" * doctest::skip(on_postgresql())) {
  TestDatabase from, to;
  from->write([](db::Connection& connection) {
    for (int i = 0; i < 1500; ++i)  // SQLite takes them, and no key comes after NULL
      connection.run("INSERT INTO deployment (name, value) VALUES (NULL, 'x')");
  });
  CHECK_THROWS_WITH_AS(copy(*from, *to), "deployment has 1500 rows, but 1000 were inserted and 1000 arrived",
                       db::Error);
  CHECK_FALSE(filled_table(*to));
}

TEST_CASE("what is written to the source while it is copied is not in the copy") {
  TestDatabase from, to;
  from->write([](db::Connection& connection) { put(connection, "one"); });
  db::Database other(from.url(), {});
  bool written = false;
  const auto counts = copy(*from, *to, [&](const db::CopyProgress&) {
    if (!std::exchange(written, true)) other.write([](db::Connection& c) { insert_client(c, "late"); });
  });
  CHECK(rows_of(counts, "clients") == 0);
  CHECK(rows_of(counts, "deployment") == 1);
}

TEST_CASE("one database is known under the ways to write its path") {
  const TemporaryFolder folder;
  const std::string path = folder.path("x.db");
  CHECK(db::same_database(path, path));
  CHECK(db::same_database("sqlite:" + path, path));
  CHECK(db::same_database(folder.path("./x.db"), path));
  CHECK_FALSE(db::same_database(folder.path("y.db"), path));
  CHECK(db::same_database("postgresql://a@h/x", "postgresql://a@h/x"));
  CHECK_FALSE(db::same_database("postgresql://a@h/x", "postgresql://a@h/y"));
}
