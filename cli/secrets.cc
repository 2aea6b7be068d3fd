#include "cli/secrets.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "cli/console.h"
#include "cli/exit_code.h"
#include "cli/streams.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

constexpr std::size_t most_secret_bytes = 65'536;
constexpr std::string_view file_scheme = "file:";
constexpr std::string_view env_scheme = "env:";

std::string without_newline(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

std::string read_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const Exit exit = errno == ENOENT   ? Exit::not_found
                      : errno == EACCES ? Exit::not_permitted
                                        : Exit::failed;
    throw CommandError(exit, fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  }
  try {
    std::string text = read_all(fd, path, most_secret_bytes);
    ::close(fd);
    return text;
  } catch (...) {
    ::close(fd);
    throw;
  }
}

std::string path_of(const std::string& destination) {
  if (!destination.starts_with(file_scheme) || destination.size() == file_scheme.size()) {
    throw UsageError(fmt::format("--secret-out: '{}' is not file:PATH", text::escape_controls(destination)));
  }
  return destination.substr(file_scheme.size());
}

}  // namespace

std::string read_secret(const std::string& flag, const std::string& source) {
  if (source == "-") return without_newline(read_all(STDIN_FILENO, "standard input", most_secret_bytes));
  if (source.starts_with(env_scheme) && source.size() > env_scheme.size()) {
    const std::string name = source.substr(env_scheme.size());
    const char* value = std::getenv(name.c_str());
    if (!value) throw CommandError(Exit::not_found, fmt::format("{}: there is no variable {}", flag, name));
    return value;
  }
  if (source.starts_with(file_scheme) && source.size() > file_scheme.size()) {
    return without_newline(read_file(source.substr(file_scheme.size())));
  }
  // What was typed is not repeated: it may be the secret itself.
  throw UsageError(fmt::format("{} takes -, env:NAME or file:PATH, never the secret itself", flag));
}

std::string require_secret(Console& console, const std::string& flag,
                           const std::optional<std::string>& source, const std::string& what, bool twice) {
  if (source) return read_secret(flag, *source);
  if (!console.can_ask()) {
    throw UsageError(fmt::format("{} is needed, and there is no terminal to ask on", what),
                     fmt::format("{} -, env:NAME or file:PATH", flag));
  }
  const std::string typed = read_typed_line(what + ": ", false);
  if (twice && read_typed_line(what + " again: ", false) != typed) {
    throw CommandError(Exit::refused, "the two are not the same");
  }
  return typed;
}

SecretFile::~SecretFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  if (!written_) ::unlink(path_.c_str());
}

bool SecretFile::is_there(const std::string& destination) const {
  struct stat status {};
  return ::lstat(path_of(destination).c_str(), &status) == 0;
}

void SecretFile::open(const std::string& destination, bool dry_run) {
  path_ = path_of(destination);
  if (is_there(destination)) {
    throw CommandError(Exit::conflict,
                       fmt::format("{} exists: --secret-out writes to a new file only", path_));
  }
  if (dry_run) return;
  fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd_ < 0) {
    const Exit exit = errno == EACCES || errno == EPERM ? Exit::not_permitted
                      : errno == EEXIST                 ? Exit::conflict
                                                        : Exit::failed;
    throw CommandError(exit, fmt::format("cannot make {}: {}", path_, std::strerror(errno)));
  }
  const std::string room(256, '\n');
  if (::fchmod(fd_, 0600) != 0 ||
      ::pwrite(fd_, room.data(), room.size(), 0) != static_cast<ssize_t>(room.size()) || ::fsync(fd_) != 0) {
    throw CommandError(Exit::failed, fmt::format("cannot write {}: {}", path_, std::strerror(errno)));
  }
}

void SecretFile::write(std::string_view secret) {
  const std::string line = std::string(secret) + "\n";
  const auto size = static_cast<ssize_t>(line.size());
  if (::pwrite(fd_, line.data(), line.size(), 0) != size || ::ftruncate(fd_, size) != 0 ||
      ::fsync(fd_) != 0) {
    throw CommandError(
        Exit::failed,
        fmt::format("the secret is stored, but {} cannot be written: {}", path_, std::strerror(errno)),
        "rotate it to get another");
  }
  written_ = true;
}

}  // namespace oauth2::cli
