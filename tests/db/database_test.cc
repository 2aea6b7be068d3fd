#include "core/db/database.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>
#include <vector>

#include "core/db/migrate.h"
#include "core/db/sqlite.h"
#include "core/store/deployment.h"
#include "tests/support.h"

using namespace oauth2;
using db::Database;
using db::Error;

namespace {

Error::Kind kind_of_opening(const std::string& path, const db::Options& options = {}) {
  try {
    Database database(path, options);
  } catch (const Error& error) {
    return error.kind;
  }
  FAIL("it opened");
  return Error::Kind::failed;
}

std::int64_t count(Database& database, const std::string& table) {
  std::int64_t rows = 0;
  database.read([&](db::Connection& connection) {
    connection.run("SELECT count(*) FROM " + table, {}, [&](const db::Row& row) { rows = row.integer(0); });
  });
  return rows;
}

void put(db::Connection& connection, const std::string& name) {
  connection.run("INSERT INTO deployment (name, value) VALUES ($1, $2)", {name, "x"});
}

}  // namespace

TEST_CASE("parameters are bound by their number, whatever their order in the text") {
  TestDatabase database;
  database->read([](db::Connection& connection) {
    std::string seen;
    connection.run("SELECT $3, $1, $2, $1", {"a", std::int64_t{2}, std::nullopt}, [&](const db::Row& row) {
      CHECK(row.is_null(0));
      CHECK(row.text(1) == "a");
      CHECK(row.integer(2) == 2);
      seen = row.text(3);
    });
    CHECK(seen == "a");
  });
}

TEST_CASE("a text with NUL and quotes comes back as it went in") {
  TestDatabase database;
  std::string value("a'\"\0b;--", 8);
  if (on_postgresql()) std::erase(value, '\0');  // which has no such text, and says so
  database->write([&](db::Connection& connection) { store::put_deployment_value(connection, "k", value); });
  CHECK(database->read([](db::Connection& c) { return store::find_deployment_value(c, "k"); }) == value);
}

TEST_CASE("an empty text is stored as one, wherever it points, and never as NULL") {
  TestDatabase database;
  database->write([](db::Connection& connection) {
    for (const std::string_view empty : {std::string_view(), std::string_view("")}) {
      bool null = true;
      connection.run("SELECT CAST($1 AS TEXT)", {empty}, [&](const db::Row& row) { null = row.is_null(0); });
      CHECK_FALSE(null);
    }
  });
}

TEST_CASE("a taken unique value is a Conflict, and undoes only its own action") {
  TestDatabase database(db::Options::Mode::server);
  database->write([](db::Connection& connection) { put(connection, "one"); });
  CHECK_THROWS_AS(database->write([](db::Connection& connection) {
    put(connection, "two");
    put(connection, "one");
  }),
                  db::Conflict);
  CHECK(count(*database, "deployment") == 1);
}

TEST_CASE("of 8 threads that insert one name, one wins; what others threw undoes only theirs") {
  TestDatabase database(db::Options::Mode::server);
  for (int round = 0; round < 25; ++round) {
    std::atomic<int> winners{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        try {
          database->write([&](db::Connection& connection) {
            put(connection, "own-" + std::to_string(round) + "-" + std::to_string(i));
            put(connection, "shared-" + std::to_string(round));
          });
          ++winners;
        } catch (const db::Conflict&) {
        }
      });
    }
    for (auto& thread : threads) thread.join();
    REQUIRE(winners == 1);
  }
  CHECK(count(*database, "deployment") == 50);
}

TEST_CASE("8 connections that count one row up lose no update") {
  TestDatabase database;
  database->write([](db::Connection& connection) { store::put_deployment_value(connection, "n", "0"); });
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      Database own(database.url(), patient());
      for (int k = 0; k < 20; ++k) {
        own.write([](db::Connection& connection) {
          const int n = std::stoi(*store::find_deployment_value(connection, "n"));
          store::put_deployment_value(connection, "n", std::to_string(n + 1));
        });
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(database->read([](db::Connection& c) { return store::find_deployment_value(c, "n"); }) == "160");
}

TEST_CASE("a read sees one snapshot, whatever is written meanwhile") {
  TestDatabase database(db::Options::Mode::server);
  database->read([&](db::Connection& connection) {
    const auto rows = [&] {
      std::int64_t n = 0;
      connection.run("SELECT count(*) FROM deployment", {}, [&](const db::Row& row) { n = row.integer(0); });
      return n;
    };
    CHECK(rows() == 0);
    std::thread([&] { database->write([](db::Connection& other) { put(other, "new"); }); }).join();
    CHECK(rows() == 0);
  });
  CHECK(count(*database, "deployment") == 1);
}

TEST_CASE("in a dry run every write is tried and undone") {
  TestDatabase database;
  db::Options options;
  options.dry_run = true;
  {
    Database dry(database.url(), options);
    dry.write([](db::Connection& connection) { put(connection, "one"); });
  }
  CHECK(count(*database, "deployment") == 0);
}

TEST_CASE("a locked database is busy after the timeout, and nothing is stored" *
          doctest::skip(on_postgresql())) {
  TestDatabase database;
  const auto holder = db::open_sqlite(database.url(), {});
  holder->begin_write();
  db::Options options;
  options.busy_timeout = std::chrono::milliseconds(50);
  Database other(database.url(), options);
  try {
    other.write([](db::Connection& connection) { put(connection, "one"); });
    FAIL("it was written");
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::busy);
  }
  holder->rollback();
  CHECK(count(*database, "deployment") == 0);
}

TEST_CASE("a missing, an empty and a foreign file are told apart, and none is touched" *
          doctest::skip(on_postgresql())) {
  const TemporaryFolder folder;
  CHECK(kind_of_opening(folder.path("missing.db")) == Error::Kind::not_initialised);
  CHECK_FALSE(std::filesystem::exists(folder.path("missing.db")));

  const auto write = [&](const std::string& name, const std::string& content) {
    std::ofstream(folder.path(name)) << content;
    ::chmod(folder.path(name).c_str(), 0600);
    return folder.path(name);
  };
  CHECK(kind_of_opening(write("empty.db", "")) == Error::Kind::not_initialised);
  const std::string junk(5000, 'j');
  CHECK(kind_of_opening(write("junk.db", junk)) == Error::Kind::foreign);
  db::Options create;
  create.create = true;
  CHECK(kind_of_opening(folder.path("junk.db"), create) == Error::Kind::foreign);
  std::ifstream file(folder.path("junk.db"));
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == junk);
}

TEST_CASE("a file that others can read is refused with the command that mends it" *
          doctest::skip(on_postgresql())) {
  TestDatabase database;
  database.close();
  ::chmod(database.url().c_str(), 0644);
  try {
    Database again(database.url(), {});
    FAIL("it opened");
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::not_permitted);
    CHECK(error.hint.starts_with("chmod 600"));
  }
}

TEST_CASE("file and folder are made 0600 and 0700 whatever the umask" * doctest::skip(on_postgresql())) {
  const TemporaryFolder folder;
  const mode_t before = ::umask(0);
  db::Options options;
  options.create = true;
  options.migrate = true;
  { Database database(folder.path("new/oauth2.db"), options); }
  ::umask(before);
  struct stat status {};
  REQUIRE(::stat(folder.path("new").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
  REQUIRE(::stat(folder.path("new/oauth2.db").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("a newer schema is refused, and an older one names the command that helps") {
  TestDatabase database;
  database->write([](db::Connection& connection) {
    connection.run("INSERT INTO schema_migrations (version, name, applied_at) VALUES (9999, 'later', 0)");
  });
  CHECK(kind_of_opening(database.url()) == Error::Kind::newer);
}

TEST_CASE("a migration that fails half-way leaves nothing of itself" * doctest::skip(on_postgresql())) {
  const TemporaryFolder folder;
  const auto connection = db::open_sqlite(folder.path("m.db"), {true, std::chrono::milliseconds(100)});
  const std::vector<db::Migration> broken = {
      {1, "first", "CREATE TABLE a (x BIGINT);"},
      {2, "second", "CREATE TABLE b (x BIGINT); INSERT INTO nowhere VALUES (1);"}};
  CHECK_THROWS_AS(db::migrate(*connection, 0, broken), Error);
  CHECK(db::schema_version(*connection) == 1);
  CHECK_THROWS_AS(connection->run("SELECT * FROM b"), Error);
  const std::vector<db::Migration> mended = {broken[0], {2, "second", "CREATE TABLE b (x BIGINT);"}};
  CHECK(db::migrate(*connection, 0, mended) == 1);
  CHECK(db::migrate(*connection, 0, mended) == 0);
}

TEST_CASE("two that migrate at once migrate once" * doctest::skip(on_postgresql())) {
  const TemporaryFolder folder;
  db::Options options = patient();
  options.create = true;
  options.migrate = true;
  std::vector<std::thread> threads;
  std::atomic<int> opened{0};
  { db::open_sqlite(folder.path("m.db"), {true, std::chrono::milliseconds(1000)}); }
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      Database database(folder.path("m.db"), options);
      ++opened;
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(opened == 4);
  Database database(folder.path("m.db"), {});
  CHECK(count(database, "schema_migrations") == static_cast<std::int64_t>(db::migrations().size()));
}

TEST_CASE("the WAL stays bounded while a server writes and readers overlap without a pause" *
          doctest::skip(on_postgresql())) {
  TestDatabase database(db::Options::Mode::server);
  std::atomic<bool> done{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!done) database->read([](db::Connection& c) { store::find_deployment_value(c, "k1"); });
    });
  }
  const std::string big(200'000, 'x');
  std::uintmax_t most = 0;
  for (int i = 0; i < 1500; ++i) {  // 300 MB in all
    database->write([&](db::Connection& connection) {
      store::put_deployment_value(connection, "k" + std::to_string(i % 10), big);
    });
    most = std::max(most, std::filesystem::file_size(database.url() + "-wal"));
  }
  done = true;
  for (auto& reader : readers) reader.join();
  CHECK(most < 80U * 1024 * 1024);
  CHECK(database->check().empty());
}

TEST_CASE("a reader cannot write by mistake") {
  TestDatabase database(db::Options::Mode::server);
  CHECK_THROWS_AS(database->read([](db::Connection& connection) { put(connection, "one"); }), Error);
}
