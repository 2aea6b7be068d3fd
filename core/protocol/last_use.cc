#include "core/protocol/last_use.h"

namespace oauth2::protocol {
namespace {

constexpr std::int64_t coalesce_seconds = 60;
constexpr std::size_t most_noted = 100'000;

}  // namespace

void LastUse::note(const store::Token& token, std::int64_t now) {
  if (token.kind != "personal") return;
  if (token.last_used_at && now - *token.last_used_at < coalesce_seconds) return;
  std::lock_guard lock(mutex_);
  if (noted_.size() < most_noted) noted_.emplace(token.id, now);
}

void LastUse::flush(db::Database& db) {
  std::unordered_map<std::string, std::int64_t> noted;
  {
    std::lock_guard lock(mutex_);
    noted.swap(noted_);
  }
  if (noted.empty() || db.read_only()) return;
  try {
    db.write([&](db::Connection& connection) {
      for (const auto& [id, at] : noted) store::touch_token(connection, id, at, coalesce_seconds);
    });
  } catch (const db::Error&) {
    std::lock_guard lock(mutex_);
    noted_.merge(noted);
    throw;
  }
}

}  // namespace oauth2::protocol
