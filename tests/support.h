#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include <string>

#include "core/db/database.h"

// A folder that is gone when the case is.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "oauth2-test-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

 private:
  std::string folder_;
};

inline std::string test_environment(const char* name, const char* otherwise = "") {
  const char* value = std::getenv(name);
  return value ? value : otherwise;
}

// Cases about SQLite's file itself are decorated with doctest::skip(on_postgresql()).
inline bool on_postgresql() { return test_environment("OAUTH2_TEST_DATABASE") == "postgresql"; }

// A schema of its own in the server that OAUTH2_TEST_POSTGRESQL names (tests/harness/postgres.py run).
class TestSchema {
 public:
  TestSchema() { run("CREATE SCHEMA " + name_); }
  ~TestSchema() { run("SET client_min_messages = error; DROP SCHEMA " + name_ + " CASCADE"); }
  TestSchema(const TestSchema&) = delete;
  TestSchema& operator=(const TestSchema&) = delete;
  std::string url() const { return server() + "&options=-csearch_path%3D" + name_; }

 private:
  static std::string server() { return test_environment("OAUTH2_TEST_POSTGRESQL"); }
  static std::string next_name() {
    static int count = 0;
    return "s_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
  }
  // By psql: the driver is what is tested, and no other file knows libpq.
  static void run(const std::string& sql) {
    const std::string command =
        "\"$OAUTH2_TEST_PSQL\" -X -q -d \"$OAUTH2_TEST_POSTGRESQL\" -c '" + sql + "' 2>&1";
    if (std::system(command.c_str()) != 0) MESSAGE("psql failed: ", sql);
  }

  std::string name_ = next_name();
};

// For connections that many threads write by at once: each waits for all others, on whatever disk this is.
inline oauth2::db::Options patient() {
  oauth2::db::Options options;
  options.busy_timeout = std::chrono::minutes(5);
  return options;
}

// A real database with the newest schema: a file, or a schema in PostgreSQL when the environment asks for it.
class TestDatabase {
 public:
  explicit TestDatabase(oauth2::db::Options::Mode mode = oauth2::db::Options::Mode::command) {
    if (on_postgresql()) schema_ = std::make_unique<TestSchema>();
    url_ = schema_ ? schema_->url() : folder_.path("oauth2.db");
    oauth2::db::Options options;
    options.create = true;
    options.migrate = true;
    options.mode = mode;
    database_ = std::make_unique<oauth2::db::Database>(url_, options);
  }
  oauth2::db::Database& operator*() { return *database_; }
  oauth2::db::Database* operator->() { return database_.get(); }
  const std::string& url() const { return url_; }
  const TemporaryFolder& folder() const { return folder_; }
  void close() { database_.reset(); }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<TestSchema> schema_;
  std::string url_;
  std::unique_ptr<oauth2::db::Database> database_;
};
