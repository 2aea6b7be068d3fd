#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/globals.h"
#include "cli/output.h"
#include "core/admin/context.h"
#include "core/db/database.h"
#include "core/settings.h"

namespace oauth2::cli {

class SecretFile;

// What a command works with: the streams, the settings, and the database, opened on first use.
class Console {
 public:
  // UsageError when the output format does not go with `shape`; an absent one prints plain text.
  Console(const Globals& globals, const std::optional<Shape>& shape);

  const Globals& globals() const { return globals_; }
  Format format() const { return style_.choice.format; }
  std::int64_t now() const { return now_; }

  const LoadedSettings& settings();
  admin::Context context();
  // With other options than a usual command's; dry_run is set by the flag.
  admin::Context context(db::Options options);
  // The issuer that `init` stored becomes the setting's value, where nobody named one and there is a database
  // to look into. Without one, or with one that cannot be read, the settings stay as they are.
  void look_for_stored_issuer();
  std::string actor() const;
  // Set once the database was looked into, where the settings name another issuer than `init` stored.
  const std::optional<std::string>& issuer_warning() const { return issuer_warning_; }

  void print(const Record& record);
  void print(const std::vector<Record>& records);
  void print_text(std::string_view text);
  // Hands over what was printed so far. CommandError(Exit::failed) if it cannot be written.
  void flush();
  // Said on stderr: what people may like to know and scripts need not.
  void note(std::string_view text) const;

  // True when somebody may watch stderr.
  bool shows_progress() const;
  bool can_ask() const;
  // Returns when `question` was answered with yes, by --yes, or nothing will change anyway; else UsageError.
  void confirm(const std::string& question) const;

  // Puts a secret that was just made where it belongs: into `file` when that is open, else into the record
  // under `key`; and nowhere in a dry run.
  Record deliver(Record record, std::string_view key, SecretFile& file) const;

 private:
  const Globals globals_;
  const Shape shape_;
  OutputStyle style_;
  const std::int64_t now_;
  std::optional<LoadedSettings> settings_;
  std::optional<std::string> issuer_warning_;
  std::unique_ptr<db::Database> database_;
  std::string printed_;
};

}  // namespace oauth2::cli
