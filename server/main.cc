#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>

#include <atomic>
#include <exception>
#include <memory>
#include <thread>

#include "core/admin/maintenance.h"
#include "core/db/database.h"
#include "core/log.h"
#include "core/protocol/key_seal.h"
#include "core/scheduling.h"
#include "core/text.h"
#include "server/gate.h"
#include "server/options.h"
#include "server/routes.h"
#include "server/service.h"
#include "server/tls.h"

namespace oauth2::server {
namespace {

constexpr int failed = 1;
constexpr int usage_error = 2;
constexpr int database_error = 8;
constexpr int not_permitted = 9;

Settings load(const CommandLine& line, db::Database& db, Log* log) {
  LoadedSettings loaded = load_settings(line.flags, line.config_file);
  const auto warning = admin::apply_stored_issuer(loaded, db);
  const auto problems = check_settings(loaded.settings);
  if (!problems.empty()) throw SettingError(problems.front());
  if (warning && log) log->write(Log::Level::warning, *warning);
  if (warning && !log) fmt::print(stderr, "oauth2d: warning: {}\n", *warning);
  return loaded.settings;
}

Log::Format log_format(const Settings& settings) {
  return settings.log_format == "json" ? Log::Format::json : Log::Format::text;
}

sigset_t handled_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) sigaddset(&set, number);
  return set;
}

// What fails is logged and stays as it was. The configuration's line comes last: then all is done.
void reload(const CommandLine& line, Service& service, TlsContext* tls) {
  Log& log = service.log();
  const auto attempt = [&log](const char* what, auto&& act) {
    try {
      act();
      log.write(Log::Level::info, fmt::format("{} reloaded", what));
    } catch (const std::exception& error) {
      log.write(Log::Level::error, fmt::format("{} not reloaded", what),
                {{"reason", std::string_view(error.what())}});
    }
  };
  const Settings before = service.live()->settings;
  Settings after = before;
  std::exception_ptr broken;
  try {
    after = load(line, service.db(), &log);
  } catch (const std::exception&) {
    broken = std::current_exception();
  }
  attempt("log", [&] { log.reopen(log_format(after), after.log_file); });
  if (tls) attempt("certificate", [&] { tls->reload(after.tls_cert, after.tls_key); });
  for (const Setting& setting : all_settings()) {
    const bool at_start =
        setting.name == "db" || setting.name == "listen" || setting.name == "max_connections";
    if (at_start && setting_text(before, setting) != setting_text(after, setting)) {
      log.write(Log::Level::warning, "takes effect at the next start", {{"setting", setting.name}});
    }
  }
  attempt("configuration", [&] {
    if (broken) std::rethrow_exception(broken);
    service.replace(after);
  });
}

// Signals are waited for on a thread of their own, so that no handler has to be async-signal-safe. SIGUSR1
// wakes it once all is served; from anybody else it means nothing.
void wait_for_signals(const CommandLine& line, Service& service, TlsContext* tls, Gate& gate,
                      const std::atomic<bool>& served) {
  const sigset_t set = handled_signals();
  for (;;) {
    int number = 0;
    if (sigwait(&set, &number) != 0 || served) return;
    if (number == SIGUSR1) continue;
    if (number == SIGHUP) {
      reload(line, service, tls);
      continue;
    }
    service.log().write(Log::Level::info, "stopping", {{"signal", std::string_view(strsignal(number))}});
    gate.stop();
  }
}

GateOptions gate_options(const Settings& settings) {
  GateOptions options;
  options.listen = settings.listen;
  options.max_connections = static_cast<std::size_t>(settings.max_connections);
  return options;
}

int serve(const CommandLine& line) {
  const LoadedSettings first = load_settings(line.flags, line.config_file);
  if (const auto warning = exposed_password(first)) fmt::print(stderr, "oauth2d: warning: {}\n", *warning);
  db::Options options;
  options.mode = db::Options::Mode::server;
  options.migrate = true;
  options.busy_timeout = std::chrono::milliseconds(2500);
  db::Database db(first.settings.db, options);
  const Settings settings = load(line, db, nullptr);

  std::shared_ptr<TlsContext> tls;
  if (!settings.tls_cert.empty()) tls = std::make_shared<TlsContext>(settings.tls_cert, settings.tls_key);
  Log log(log_format(settings), settings.log_file);
  Service service(settings, db, log);
  Gate gate(
      gate_options(settings),
      [&](const httplib::Request& request, httplib::Response& response) {
        handle(service, request, response);
      },
      [&](const Refusal& refusal) { return answer_refusal(service, refusal); }, tls);
  gate.open();
  for (const std::string& address : gate.addresses())
    fmt::print(stderr, "oauth2d: listening on {}\n", address);
  if (db.read_only())
    log.write(Log::Level::warning, "the database can only be read: no token is issued or revoked");
  if (protocol::lacks_server_key(settings, db))
    log.write(Log::Level::warning, "server_key is not set: keys that tokens are signed with lie unsealed");

  std::atomic<bool> served{false};
  std::thread signals([&] { wait_for_signals(line, service, tls.get(), gate, served); });
  gate.serve();
  served = true;
  pthread_kill(signals.native_handle(), SIGUSR1);
  signals.join();
  return 0;
}

int run(int argc, char** argv) {
  const sigset_t set = handled_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);  // before any thread: all inherit it
  signal(SIGXFSZ, SIG_IGN);                   // a full quota is an error to answer, not an end
  signal(SIGPIPE, SIG_IGN);
  umask(077);
  take_turns();
  const CommandLine line = parse_command_line(argc, argv);
  if (line.exit_code) return *line.exit_code;
  const auto fail = [](const std::exception& error, const std::string& hint, int code) {
    fmt::print(stderr, "oauth2d: {}\n", text::escape_controls(error.what()));
    if (!hint.empty()) fmt::print(stderr, "  hint: {}\n", hint);
    return code;
  };
  try {
    return serve(line);
  } catch (const SettingError& error) {
    return fail(error, "oauth2ctl config check", usage_error);
  } catch (const db::Error& error) {
    return fail(error, error.hint,
                error.kind == db::Error::Kind::not_permitted ? not_permitted : database_error);
  } catch (const std::exception& error) {
    return fail(error, "", failed);
  }
}

}  // namespace
}  // namespace oauth2::server

int main(int argc, char** argv) { return oauth2::server::run(argc, argv); }
