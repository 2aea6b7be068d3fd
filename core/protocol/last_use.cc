#include "core/protocol/last_use.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace oauth2::protocol {
namespace {

constexpr std::int64_t coalesce_seconds = 60;
constexpr std::ptrdiff_t chunk = 200;  // in one transaction: requests wait for it
constexpr std::size_t most_noted = 100'000;

}  // namespace

void LastUse::note(const store::Token& token, std::int64_t now) {
  if (token.kind != "personal") return;
  if (token.last_used_at && now - *token.last_used_at < coalesce_seconds) return;
  std::lock_guard lock(mutex_);
  if (noted_.size() < most_noted) noted_.emplace(token.id, Use{false, now, 0});
}

void LastUse::note(const store::Session& session, std::int64_t now, std::int64_t expires_at) {
  if (now - session.last_seen_at < coalesce_seconds) return;
  std::lock_guard lock(mutex_);
  if (noted_.size() < most_noted) noted_.emplace(session.id, Use{true, now, expires_at});
}

void LastUse::flush(db::Database& db) {
  std::unordered_map<std::string, Use> noted;
  {
    std::lock_guard lock(mutex_);
    noted.swap(noted_);
  }
  if (noted.empty() || db.read_only()) return;
  // In the same order at every instance, or two would wait for each other's rows.
  std::map<std::string, Use> left(noted.begin(), noted.end());
  try {
    while (!left.empty()) {
      const auto end = std::next(left.begin(), std::min<std::ptrdiff_t>(chunk, std::ssize(left)));
      const auto touch = [&](db::Connection& connection) {
        for (auto one = left.begin(); one != end; ++one) {
          const auto& [id, use] = *one;
          if (use.of_session) store::touch_session(connection, id, use.at, use.expires_at);
          if (!use.of_session) store::touch_token(connection, id, use.at, coalesce_seconds);
        }
      };
      db.write(touch, db::Beside::others);
      left.erase(left.begin(), end);
    }
  } catch (const db::Error&) {
    std::lock_guard lock(mutex_);
    noted_.insert(left.begin(), left.end());
    throw;
  }
}

}  // namespace oauth2::protocol
