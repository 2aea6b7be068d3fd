#include "core/db/sqlite_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/db/error.h"

namespace oauth2::db {
namespace {

constexpr off_t shortest_database = 512;  // one page of the smallest size

Error::Kind kind_of(int error) {
  if (error == EACCES || error == EPERM) return Error::Kind::not_permitted;
  if (error == EROFS) return Error::Kind::read_only;
  if (error == ENOSPC || error == EDQUOT) return Error::Kind::full;
  return Error::Kind::unreachable;
}

[[noreturn]] void refuse(int error, const std::string& what, const std::string& path) {
  throw Error(kind_of(error), fmt::format("{} {}: {}", what, path, std::strerror(error)));
}

void make_directory(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  if (parent.empty() || std::filesystem::exists(parent)) return;
  std::error_code error;
  if (parent.has_parent_path()) std::filesystem::create_directories(parent.parent_path(), error);
  if (::mkdir(parent.c_str(), 0700) != 0 && errno != EEXIST)
    refuse(errno, "cannot make the directory", parent.string());
}

void make_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    if (errno == EEXIST) return;
    refuse(errno, "cannot create", path);
  }
  ::fchmod(fd, 0600);  // whatever the umask is
  ::close(fd);
}

// SQLite reads ?, # and % in a URI as its own.
std::string percent_encode_path(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      out += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

SqliteFile prepare_sqlite_file(const std::string& path, bool create) {
  if (create) {
    make_directory(path);
    make_file(path);
  }
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      throw Error(Error::Kind::not_initialised, fmt::format("there is no database at {}", path),
                  "oauth2ctl init");
    }
    refuse(errno, "cannot open", path);
  }
  if (!S_ISREG(status.st_mode)) throw Error(Error::Kind::foreign, fmt::format("{} is not a file", path));
  if ((status.st_mode & 077) != 0) {
    throw Error(Error::Kind::not_permitted,
                fmt::format("{} can be read by others (mode {:o})", path, status.st_mode & 07777),
                fmt::format("chmod 600 {}", path));
  }
  if (status.st_size == 0 && !create) {
    throw Error(Error::Kind::not_initialised, fmt::format("{} is empty", path), "oauth2ctl init");
  }
  // SQLite takes a file of a few bytes for an empty one.
  if (status.st_size > 0 && status.st_size < shortest_database) {
    throw Error(Error::Kind::foreign, fmt::format("{} is not an oauth2ctl database, or is damaged", path));
  }
  if (::access(path.c_str(), R_OK) != 0) refuse(errno, "cannot read", path);

  SqliteFile file{"file:" + percent_encode_path(std::filesystem::absolute(path).string()), false};
  file.read_only = ::access(path.c_str(), W_OK) != 0;
  if (file.read_only) {
    // Without a -shm file, and no right to make one, SQLite reads a WAL database only as an immutable one;
    // that is safe when no -wal lies there, since then nothing is missing and nobody can write.
    const auto directory = std::filesystem::absolute(path).parent_path();
    std::error_code ignored;
    const bool immutable =
        ::access(directory.c_str(), W_OK) != 0 && !std::filesystem::exists(path + "-wal", ignored);
    file.uri += immutable ? "?immutable=1" : "?mode=ro";
  }
  return file;
}

}  // namespace oauth2::db
