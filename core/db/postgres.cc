#include "core/db/postgres.h"

#include <dlfcn.h>

#include <filesystem>

namespace oauth2::db {
namespace {

using Open = Connection* (*)(const std::string& url, const PostgresOptions& options);

// Beside the program, as it is built; else where it is installed, seen from the program; else there, for
// programs of others that link the library.
void* load_driver() {
  std::error_code ignored;
  const auto folder = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  const char* problem = nullptr;
  for (const std::filesystem::path& place :
       {folder, folder / OAUTH2_DRIVER_FOLDER, std::filesystem::path(OAUTH2_DRIVER_HOME)}) {
    const auto file = place / OAUTH2_POSTGRES_DRIVER;
    if (!std::filesystem::exists(file, ignored)) continue;
    if (void* driver = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL)) return driver;
    problem = ::dlerror();
  }
  if (!problem) {
    throw Error(Error::Kind::unreachable, "this build has no PostgreSQL",
                "build it with libpqxx and -DOAUTH2_POSTGRESQL=ON, or use sqlite:PATH");
  }
  throw Error(Error::Kind::unreachable,
              std::string("the driver for PostgreSQL cannot be loaded: ") + problem);
}

}  // namespace

std::unique_ptr<Connection> open_postgres(const std::string& url, const PostgresOptions& options) {
  static void* const driver = load_driver();
  static const auto open = reinterpret_cast<Open>(::dlsym(driver, "oauth2_open_postgres"));
  if (!open) throw Error(Error::Kind::unreachable, "the driver for PostgreSQL is another version's");
  return std::unique_ptr<Connection>(open(url, options));
}

}  // namespace oauth2::db
