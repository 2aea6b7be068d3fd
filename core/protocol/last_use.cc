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
  if (noted_.size() < most_noted) noted_.emplace(token.id, now);
}

void LastUse::flush(db::Database& db) {
  std::unordered_map<std::string, std::int64_t> noted;
  {
    std::lock_guard lock(mutex_);
    noted.swap(noted_);
  }
  if (noted.empty() || db.read_only()) return;
  // In the same order at every instance, or two would wait for each other's rows.
  std::map<std::string, std::int64_t> left(noted.begin(), noted.end());
  try {
    while (!left.empty()) {
      const auto end = std::next(left.begin(), std::min<std::ptrdiff_t>(chunk, std::ssize(left)));
      const auto touch = [&](db::Connection& connection) {
        for (auto one = left.begin(); one != end; ++one)
          store::touch_token(connection, one->first, one->second, coalesce_seconds);
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
