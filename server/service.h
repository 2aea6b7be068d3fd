#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "core/db/database.h"
#include "core/federation/remote_cache.h"
#include "core/log.h"
#include "core/protocol/context.h"
#include "core/settings.h"
#include "server/pages.h"
#include "server/trusted_proxies.h"

namespace oauth2::server {

// What a reload replaces as a whole; a request works with the one that it started with.
struct Live {
  // Throws std::runtime_error when the theme cannot be used.
  explicit Live(const Settings& from);

  Settings settings;
  protocol::RateLimits limits;
  TrustedProxies proxies;
  std::string issuer_path;  // of the issuer, without its last /; "" mostly
  Pages pages;
  federation::RemoteCache remote_cache;
};

// All that requests share: the database, the live settings, the log, and a thread for what nobody waits for
// (signing keys, last uses, pruning).
class Service {
 public:
  Service(const Settings& settings, db::Database& db, Log& log);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  std::shared_ptr<Live> live() const { return live_.load(); }
  void replace(const Settings& settings);

  db::Database& db() { return db_; }
  Log& log() { return log_; }
  protocol::LastUse& last_use() { return last_use_; }
  crypto::PasswordWorkers& password_workers() { return password_workers_; }
  protocol::SigningKeys& signing_keys() { return signing_keys_; }

 private:
  void run_chores();
  void prepare_signing_keys();
  void flush_last_use();
  void prune();

  db::Database& db_;
  Log& log_;
  protocol::LastUse last_use_;
  crypto::PasswordWorkers password_workers_{crypto::PasswordWorkers::usual_threads()};
  protocol::SigningKeys signing_keys_;
  std::mutex mutex_;
  std::atomic<std::shared_ptr<Live>> live_;
  std::condition_variable stopped_;
  std::atomic<bool> stopping_{false};
  std::thread chores_;
};

}  // namespace oauth2::server
