#include "core/admin/copy.h"

#include <doctest/doctest.h>

#include <fstream>

#include "core/admin/context.h"
#include "core/admin/error.h"
#include "core/store/audit.h"
#include "core/store/deployment.h"
#include "tests/support.h"

using namespace oauth2;

namespace {

const auto unseen = [](const db::CopyProgress&) {};

struct Site {
  Settings settings;
  TestDatabase from;
  std::string to = from.folder().path("new.db");
  admin::Context context{*from, settings, 100, "os:test", {}, {}, {}};

  Site() {
    from->write([&](db::Connection& connection) {
      store::put_deployment_value(connection, "issuer", "https://auth.example.org");
      for (int i = 0; i < 3; ++i) admin::record(connection, context, "scope.create", "scope:s");
    });
  }

  admin::CopyResult copy(bool dry_run = false) const {
    return admin::copy_database(settings, {from.url(), to, 200, "os:mover", "a new home", dry_run}, unseen);
  }
};

std::vector<std::string> chain(db::Database& database) {
  std::vector<std::string> hashes;
  database.read([&](db::Connection& connection) {
    connection.run("SELECT chain_hash FROM audit_log ORDER BY id", {},
                   [&](const db::Row& row) { hashes.push_back(row.text(0)); });
  });
  return hashes;
}

db::Error::Kind kind_of_copying(const Site& site) {
  try {
    site.copy();
  } catch (const db::Error& error) {
    return error.kind;
  }
  FAIL("it was copied");
  return db::Error::Kind::failed;
}

}  // namespace

TEST_CASE("a copy makes its target, and the audit log goes on there in one chain") {
  Site site;
  const auto result = site.copy();
  CHECK_FALSE(result.only_counted);
  db::Database copied(site.to, {});
  const auto entries = copied.read([](db::Connection& c) { return store::list_audit(c, {}); });
  REQUIRE(entries.size() == 4);
  CHECK(entries.back().id == 4);
  CHECK(entries.back().action == "db.copy");
  CHECK(entries.back().actor == "os:mover");
  CHECK(entries.back().reason == "a new home");
  // The hash is over the entry before too: at the source the same entry gets the same one.
  site.from->write([&](db::Connection& connection) { store::append_audit(connection, entries.back()); });
  CHECK(chain(*site.from) == chain(copied));
}

TEST_CASE("a target with a row is refused before anything of it changes") {
  Site site;
  db::Options options;
  options.create = options.any_schema = true;
  {
    db::Database older(site.to, options);  // a table, but no schema of ours yet
    older.write([](db::Connection& connection) {
      connection.script("CREATE TABLE deployment (name TEXT PRIMARY KEY, value TEXT NOT NULL)");
      store::put_deployment_value(connection, "k", "v");
    });
  }
  CHECK_THROWS_AS(site.copy(), admin::AlreadyExists);
  CHECK_THROWS_AS(site.copy(true), admin::AlreadyExists);
  db::Database after(site.to, options);
  after.read([](db::Connection& connection) { CHECK_FALSE(connection.has_table("schema_migrations")); });
}

TEST_CASE("a second copy to one target is refused") {
  Site site;
  site.copy();
  CHECK_THROWS_AS(site.copy(), admin::AlreadyExists);
}

TEST_CASE("without a source, or with an empty one, no target is made" * doctest::skip(on_postgresql())) {
  Site site;
  site.from.close();
  std::filesystem::remove(site.from.url());
  CHECK(kind_of_copying(site) == db::Error::Kind::not_initialised);
  CHECK_FALSE(std::filesystem::exists(site.to));
  TestDatabase empty;
  CHECK_THROWS_AS(admin::copy_database(site.settings, {empty.url(), site.to, 200, "os:test", {}}, unseen),
                  db::Error);
  CHECK_FALSE(std::filesystem::exists(site.to));
}

TEST_CASE("a source with an older schema is refused, and no target is made") {
  Site site;
  site.from->write(
      [](db::Connection& connection) { connection.run("DELETE FROM schema_migrations WHERE version > 1"); });
  CHECK(kind_of_copying(site) == db::Error::Kind::older);
  CHECK_FALSE(std::filesystem::exists(site.to));
}

TEST_CASE("in a dry run all is tried and undone, and a missing target is not made") {
  Site site;
  CHECK(site.copy(true).only_counted);
  CHECK_FALSE(std::filesystem::exists(site.to));
  {
    db::Options options;
    options.create = options.migrate = true;
    db::Database made(site.to, options);
  }
  const auto tried = site.copy(true);
  CHECK_FALSE(tried.only_counted);
  CHECK(tried.tables.size() > 10);
  db::Database after(site.to, {});
  CHECK_FALSE(after.read([](db::Connection& c) { return db::find_filled_table(c); }));
}

TEST_CASE("the key beside the source is named, unless the setting says where it is" *
          doctest::skip(on_postgresql())) {
  Site site;
  CHECK_FALSE(site.copy(true).server_key);
  std::ofstream(site.from.url() + ".key") << "k\n";
  CHECK(site.copy(true).server_key == site.from.url() + ".key");
  site.settings.server_key = "file:/etc/key";
  CHECK_FALSE(site.copy(true).server_key);
}
