#include "cli/console.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "cli/exit_code.h"
#include "cli/secrets.h"
#include "cli/streams.h"
#include "core/admin/maintenance.h"
#include "core/text.h"
#include "core/time.h"

namespace oauth2::cli {
namespace {

bool wants_color(const std::string& when) {
  if (when == "always") return true;
  if (when == "never") return false;
  if (when != "auto") {
    throw UsageError(fmt::format("--color: '{}' is not auto, always or never", text::escape_controls(when)));
  }
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if ((no_color && *no_color) || (terminal && std::string_view(terminal) == "dumb")) return false;
  return ::isatty(STDOUT_FILENO) == 1;
}

}  // namespace

Console::Console(const Globals& globals, const std::optional<Shape>& shape)
    : globals_(globals), shape_(shape.value_or(Shape{})), now_(now_seconds()) {
  style_ = {read_output_choice(globals.output), globals.quiet, wants_color(globals.color), now_};
  if (globals.actor && globals.actor->empty()) throw UsageError("--as: the actor is empty");
  if (shape) require_printable(style_, *shape);
}

const LoadedSettings& Console::settings() {
  if (!settings_) {
    FlagValues flags;
    if (globals_.db) flags["db"] = {*globals_.db};
    settings_ = load_settings(flags, globals_.config);
    if (const auto warning = exposed_password(*settings_); warning && !globals_.quiet)
      note("warning: " + *warning);
  }
  return *settings_;
}

admin::Context Console::context() { return context(db::Options()); }

admin::Context Console::context(db::Options options) {
  if (!database_) {
    options.dry_run = globals_.dry_run;
    database_ = std::make_unique<db::Database>(settings().settings.db, options);
    if (globals_.dry_run) note("dry run: nothing is changed");
    if (!options.any_schema) issuer_warning_ = admin::apply_stored_issuer(*settings_, *database_);
  }
  return {*database_, settings_->settings, now_, actor(), globals_.reason, {}, {}};
}

void Console::look_for_stored_issuer() {
  settings();
  db::Options options;
  options.dry_run = true;  // it is only looked at
  options.busy_timeout = std::chrono::seconds(1);
  try {
    db::Database database(settings_->settings.db, options);
    issuer_warning_ = admin::apply_stored_issuer(*settings_, database);
  } catch (const std::exception&) {  // the settings are what is asked for
  }
}

std::string Console::actor() const {
  if (globals_.actor) return *globals_.actor;
  const passwd* user = ::getpwuid(::getuid());
  return fmt::format("os:{}", user ? std::string(user->pw_name) : fmt::format("{}", ::getuid()));
}

void Console::print(const Record& record) {
  if (globals_.dry_run && style_.choice.format == Format::github) return;  // nothing of this will be
  print_text(print_one(style_, shape_, record));
}

void Console::print(const std::vector<Record>& records) {
  if (records.empty() && style_.choice.format == Format::table && !style_.quiet) {
    note(fmt::format("no {}", shape_.plural));
  }
  print_text(print_list(style_, shape_, records));
}

void Console::print_text(std::string_view text) { printed_ += text; }

void Console::flush() {
  const std::string text = std::move(printed_);
  printed_.clear();
  write_all(STDOUT_FILENO, text);
}

void Console::note(std::string_view text) const { write_error(fmt::format("{}\n", text)); }

bool Console::shows_progress() const { return !globals_.quiet && ::isatty(STDERR_FILENO) == 1; }

bool Console::can_ask() const {
  return !globals_.no_input && ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
}

void Console::confirm(const std::string& question) const {
  if (globals_.yes || globals_.dry_run) return;
  if (!can_ask()) {
    throw UsageError(fmt::format("{}? Nobody can be asked: this is no terminal", question), "--yes says yes");
  }
  const std::string answer = text::lower(text::trim(read_typed_line(question + "? [y/N] ", true)));
  if (answer != "y" && answer != "yes") throw CommandError(Exit::failed, "nothing was changed");
}

Record Console::deliver(Record record, std::string_view key, SecretFile& file) const {
  for (auto& [name, value] : record) {
    if (name != key || std::holds_alternative<std::monostate>(value)) continue;
    if (globals_.dry_run) {
      value = {};
    } else if (file.is_open()) {
      file.write(std::get<std::string>(value));
      value = {};
      if (!globals_.quiet) note(fmt::format("the secret is in {}", file.path()));
    } else if (style_.quiet && shape_.quiet.front() != key) {
      note("the secret is not shown with -q: --secret-out file:PATH or -o env would keep it");
    } else if (style_.choice.format == Format::table && !style_.quiet) {
      note(fmt::format("the {} is shown only now: keep it", key == "token" ? "token" : "secret"));
    }
  }
  return record;
}

}  // namespace oauth2::cli
