#include "core/resource_server/database/database_validator.h"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/account/browser.h"
#include "core/admin/maintenance.h"
#include "core/protocol/audience.h"
#include "core/protocol/token_document.h"
#include "core/text.h"
#include "core/time.h"

namespace oauth2::resource_server {
namespace {

constexpr std::chrono::seconds flush_interval{10};

db::Options server_mode() {
  db::Options options;
  options.mode = db::Options::Mode::server;
  return options;
}

// RFC 6265 section 4.2. Of two with our name one was planted, and nobody knows which: then there is none.
std::optional<std::string> read_cookie(const std::vector<std::string>& fields, std::string_view name) {
  std::optional<std::string> found;
  for (const std::string& field : fields) {
    for (const std::string_view pair : text::split(field, ';')) {
      const std::string_view trimmed = text::trim(pair);
      if (!trimmed.starts_with(name) || trimmed.substr(name.size(), 1) != "=") continue;
      if (found) return std::nullopt;
      found = trimmed.substr(name.size() + 1);
    }
  }
  return found;
}

class DatabaseValidator : public Validator {
 public:
  DatabaseValidator(const DatabaseOptions& options, LoadedSettings loaded)
      : db_(loaded.settings.db, server_mode()), settings_(with_issuer(std::move(loaded))), options_(options) {
    if (options_.resource.empty()) options_.resource = settings_.issuer;
    chores_ = std::thread([this] { run_chores(); });
  }
  ~DatabaseValidator() override;

  std::string kind() const override { return "database"; }
  bool claims(std::string_view token) const override { return !protocol::token_key_of(token).id.empty(); }
  std::optional<Token> validate(std::string_view token) const override;
  std::optional<Session> find_session(const std::vector<std::string>& cookies) const override;

 private:
  Settings with_issuer(LoadedSettings loaded) {
    admin::apply_stored_issuer(loaded, db_);
    return std::move(loaded.settings);
  }
  account::Context context() const;
  void run_chores();
  void flush_last_use();

  mutable db::Database db_;
  const Settings settings_;
  DatabaseOptions options_;
  // What a context holds; nobody here signs in or is limited.
  mutable protocol::RateLimits limits_{settings_};
  mutable crypto::PasswordWorkers workers_{0};
  mutable protocol::LastUse last_use_;
  mutable protocol::SigningKeys signing_keys_;

  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::thread chores_;
};

DatabaseValidator::~DatabaseValidator() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  chores_.join();
  flush_last_use();
}

account::Context DatabaseValidator::context() const {
  return {db_, settings_, limits_, last_use_, workers_, signing_keys_, now_seconds(), 0, "", ""};
}

// As protocol::require_bearer judges.
std::optional<Token> DatabaseValidator::validate(std::string_view token_string) const {
  const std::int64_t now = now_seconds();
  const auto row = db_.read_latest(
      [&](db::Connection& connection) { return protocol::find_token(connection, token_string); });
  if (!row || !row->is_active(now) || row->kind == "refresh") return std::nullopt;
  Token token;
  if (!protocol::has_audience(*row, options_.resource, settings_.issuer)) return std::nullopt;
  token.audience = protocol::audience_uris(row->audience, settings_.issuer);
  last_use_.note(*row, now);
  token.client = row->client_id.value_or("");
  token.subject = row->user_id ? *row->user_id : token.client;
  token.user = row->username.value_or("");
  token.scopes = text::words(row->scope);
  token.expires_at = row->expires_at;
  token.kind = row->kind;
  token.id = row->id;
  return token;
}

std::optional<Session> DatabaseValidator::find_session(const std::vector<std::string>& cookies) const {
  if (!options_.sessions) return std::nullopt;
  const bool https = settings_.issuer.starts_with("https://");
  const auto cookie = read_cookie(cookies, https ? "__Host-oauth2d_session" : "oauth2d_session");
  const account::Browser browser = account::recognise(context(), cookie);
  if (!browser.session) return std::nullopt;
  Token token;
  token.subject = *browser.session->user_id;
  token.user = browser.session->username.value_or("");
  token.expires_at = browser.session->expires_at;
  token.kind = "session";
  token.id = browser.session->id;
  token.audience = {settings_.issuer};
  return Session{std::move(token), [this, browser](std::string_view csrf_token) {
                   return account::is_csrf_token(context(), browser, csrf_token);
                 }};
}

void DatabaseValidator::run_chores() {
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, flush_interval, [this] { return stopping_; })) {
    lock.unlock();
    flush_last_use();
    lock.lock();
  }
}

void DatabaseValidator::flush_last_use() {
  try {
    last_use_.flush(db_);
  } catch (const std::exception&) {
    // Kept for the next time. Tokens are judged without it.
  }
}

}  // namespace

std::unique_ptr<Validator> database(const DatabaseOptions& options) {
  FlagValues flags;
  if (!options.url.empty()) flags["db"] = {options.url};
  const auto file = options.config_file.empty() ? std::nullopt : std::optional(options.config_file);
  try {
    return std::make_unique<DatabaseValidator>(options, load_settings(flags, file));
  } catch (const db::Error& error) {
    throw std::runtime_error(error.what() + (error.hint.empty() ? "" : " (" + error.hint + ")"));
  }
}

}  // namespace oauth2::resource_server
