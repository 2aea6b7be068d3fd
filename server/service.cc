#include "server/service.h"

#include <chrono>
#include <exception>

#include "core/admin/maintenance.h"
#include "core/admin/turn.h"
#include "core/time.h"

namespace oauth2::server {
namespace {

constexpr auto chore_interval = std::chrono::seconds(2);

std::string path_of(const std::string& issuer) {
  const auto authority = issuer.find("://") + 3;
  const auto slash = issuer.find('/', authority);
  return slash == std::string::npos ? "" : issuer.substr(slash);
}

}  // namespace

Live::Live(const Settings& from)
    : settings(from),
      limits(from),
      proxies(from.trusted_proxies),
      issuer_path(path_of(from.issuer)),
      pages(from.theme, from.issuer) {}

Service::Service(const Settings& settings, db::Database& db, Log& log) : db_(db), log_(log) {
  replace(settings);
  chores_ = std::thread([this] { run_chores(); });
}

Service::~Service() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  chores_.join();
  flush_last_use();
}

void Service::replace(const Settings& settings) { live_.store(std::make_shared<Live>(settings)); }

void Service::run_chores() {
  prepare_signing_keys();
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, chore_interval, [this] { return stopping_.load(); })) {
    lock.unlock();
    flush_last_use();
    prune();
    lock.lock();
  }
}

// Before anybody needs one: RSA takes its time, and who has the wrong server's key is told at once. What
// fails here is tried again when a key is needed.
void Service::prepare_signing_keys() {
  if (db_.read_only()) return;
  try {
    const std::shared_ptr<Live> live = live_.load();
    protocol::prepare_signing_keys({db_, live->settings, live->limits, last_use_, password_workers_,
                                    signing_keys_, now_seconds(), 0, "", "", nullptr});
  } catch (const std::exception& error) {
    log_.write(Log::Level::warning, "signing keys not ready", {{"reason", std::string_view(error.what())}});
  }
}

void Service::flush_last_use() {
  try {
    last_use_.flush(db_);
  } catch (const std::exception& error) {
    log_.write(Log::Level::warning, "last uses not written", {{"reason", std::string_view(error.what())}});
  }
}

void Service::prune() {
  if (db_.read_only()) return;
  try {
    const Settings settings = live()->settings;
    auto turn = admin::Turn::take(db_, "prune", now_seconds(), settings.prune_interval);
    if (!turn) return;
    const admin::Context context{db_, settings, now_seconds(), "server", {}, {}, {}};
    const auto go_on = [&] { return !stopping_ && turn->keep(now_seconds()); };
    for (const auto& [table, rows] : admin::prune(context, settings.prune_after, go_on)) {
      if (rows > 0) log_.write(Log::Level::info, "pruned", {{"table", table}, {"rows", rows}});
    }
    stopping_ ? turn->give_up() : turn->finish(now_seconds());
  } catch (const std::exception& error) {
    log_.write(Log::Level::warning, "not pruned", {{"reason", std::string_view(error.what())}});
  }
}

}  // namespace oauth2::server
