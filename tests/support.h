#pragma once

#include <cstdlib>
#include <filesystem>
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

// A real database with the newest schema.
class TestDatabase {
 public:
  explicit TestDatabase(oauth2::db::Options::Mode mode = oauth2::db::Options::Mode::command)
      : url_(folder_.path("oauth2.db")) {
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
  std::string url_;
  std::unique_ptr<oauth2::db::Database> database_;
};
