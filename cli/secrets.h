#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace oauth2::cli {

class Console;

// A secret from `-` (standard input), env:NAME or file:PATH, one trailing newline dropped. UsageError for
// another form, NotFound (exit 3) for a missing file or variable. Never from the command line itself: others
// can see it.
std::string read_secret(const std::string& flag, const std::string& source);

// As read_secret where `source` is given; else asked for on the terminal, `twice` for one that is new; else
// UsageError.
std::string require_secret(Console& console, const std::string& flag,
                           const std::optional<std::string>& source, const std::string& what, bool twice);

// Where a new secret goes with --secret-out file:PATH: a fresh file of mode 0600. It is made, with room for
// the secret, before the act, so that a full disk or a file in the way cannot cost a secret that is already
// stored; and it is taken away again if no secret was written.
class SecretFile {
 public:
  SecretFile() = default;
  ~SecretFile();
  SecretFile(const SecretFile&) = delete;
  SecretFile& operator=(const SecretFile&) = delete;

  // CommandError(Exit::conflict) when the file exists. Makes nothing in a dry run.
  void open(const std::string& destination, bool dry_run);
  bool is_there(const std::string& destination) const;  // something stands at its path already
  bool is_open() const { return fd_ >= 0; }
  const std::string& path() const { return path_; }
  void write(std::string_view secret);

 private:
  std::string path_;
  int fd_ = -1;
  bool written_ = false;
};

}  // namespace oauth2::cli
