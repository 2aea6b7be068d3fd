#include "core/server_key.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "core/text.h"

namespace oauth2 {
namespace {

constexpr std::size_t least_characters = 32;
constexpr std::size_t most_bytes = 4096;

struct File {
  explicit File(const std::string& path) : fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~File() {
    if (fd >= 0) ::close(fd);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd;
};

std::string read_file(const std::string& path, bool must_be_private) {
  const std::string shown = text::escape_controls(path);
  const auto refuse = [&]() -> ServerKeyError {
    return ServerKeyError(fmt::format("cannot read the server's key {}: {}", shown, std::strerror(errno)),
                          errno == ENOENT
                              ? "bring it back from a backup; 'oauth2ctl init --if-not-exists' makes "
                                "one where there never was any"
                              : "");
  };
  const File file(path);
  struct stat status {};
  if (file.fd < 0 || ::fstat(file.fd, &status) != 0) throw refuse();
  if (!S_ISREG(status.st_mode)) throw ServerKeyError(fmt::format("the server's key {} is no file", shown));
  if (must_be_private && (status.st_mode & 077) != 0) {
    throw ServerKeyError(fmt::format("the server's key {} can be read by others", shown),
                         "chmod 600 " + text::shell_quoted(path));
  }
  std::string bytes;
  std::array<char, most_bytes> buffer{};
  while (bytes.size() <= most_bytes) {
    const ssize_t size = ::read(file.fd, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) throw refuse();
    if (size == 0) return bytes;
    bytes.append(buffer.data(), static_cast<std::size_t>(size));
  }
  throw ServerKeyError(fmt::format("the server's key {} is longer than {} bytes", shown, most_bytes));
}

std::string read_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (!value || !*value) {
    throw ServerKeyError(
        fmt::format("server_key: the environment variable {} is not set", text::escape_controls(name)));
  }
  return value;
}

// systemd made it for this service alone; its mode tells nothing, since the access list stands beside it.
std::string read_credential(const std::string& name) {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (!folder || !*folder) {
    throw ServerKeyError("server_key: CREDENTIALS_DIRECTORY is not set",
                         "credential:NAME is for services that systemd starts with LoadCredential=");
  }
  if (name.find('/') != std::string::npos) throw ServerKeyError("server_key: a credential's name has no /");
  return read_file(std::string(folder) + "/" + name, false);
}

}  // namespace

std::optional<std::string> server_key_source(const Settings& settings,
                                             const std::optional<std::string>& database_file) {
  if (!settings.server_key.empty()) return settings.server_key;
  return database_file ? std::optional("file:" + *database_file + ".key") : std::nullopt;
}

std::string read_server_key(std::string_view source) {
  const auto colon = source.find(':');
  const std::string_view kind = source.substr(0, colon);
  const std::string name(colon == source.npos ? std::string_view() : source.substr(colon + 1));
  if (!name.empty()) {
    if (kind == "file") return checked_server_key(read_file(name, true), text::escape_controls(source));
    if (kind == "env") return checked_server_key(read_environment(name), text::escape_controls(source));
    if (kind == "credential") return checked_server_key(read_credential(name), text::escape_controls(source));
  }
  // Not shown: somebody may have put the key itself there.
  throw ServerKeyError("server_key is not file:PATH, env:NAME or credential:NAME");
}

std::string checked_server_key(std::string_view text, const std::string& place) {
  const std::string_view key = text::trim(text);
  if (text::is_utf8(key) ? text::character_count(key) < least_characters : key.size() < least_characters) {
    throw ServerKeyError(
        fmt::format("the server's key {} is shorter than {} characters", place, least_characters));
  }
  return std::string(key);
}

}  // namespace oauth2
