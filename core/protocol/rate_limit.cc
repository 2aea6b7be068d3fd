#include "core/protocol/rate_limit.h"

#include <algorithm>
#include <cmath>

#include "core/crypto/hash.h"

namespace oauth2::protocol {
namespace {

constexpr std::size_t most_keys = 100'000;
constexpr double ms_a_minute = 60'000.0;

}  // namespace

std::string RateLimit::digest(std::string_view key) { return crypto::sha256(key).substr(0, 15); }

double RateLimit::left(const Bucket& bucket, std::int64_t now_ms) const {
  const auto filled =
      static_cast<double>(now_ms - bucket.at_ms) * static_cast<double>(a_minute_) / ms_a_minute;
  return std::min(static_cast<double>(a_minute_), bucket.left + filled);
}

std::optional<std::int64_t> RateLimit::wait(std::string_view key, std::int64_t now_ms) {
  if (a_minute_ == 0 || empty_.load(std::memory_order_relaxed)) return std::nullopt;
  std::lock_guard lock(mutex_);
  return wait_locked(digest(key), now_ms);
}

void RateLimit::spend(std::string_view key, std::int64_t now_ms) {
  if (a_minute_ == 0) return;
  std::lock_guard lock(mutex_);
  spend_locked(digest(key), now_ms);
}

std::optional<std::int64_t> RateLimit::take(std::string_view key, std::int64_t now_ms) {
  if (a_minute_ == 0) return std::nullopt;
  const std::string bucket = digest(key);
  std::lock_guard lock(mutex_);
  const auto seconds = wait_locked(bucket, now_ms);
  if (!seconds) spend_locked(bucket, now_ms);
  return seconds;
}

std::optional<std::int64_t> RateLimit::wait_locked(const std::string& bucket, std::int64_t now_ms) const {
  const auto found = buckets_.find(bucket);
  if (found == buckets_.end()) return std::nullopt;
  const double available = left(found->second, now_ms);
  if (available >= 1) return std::nullopt;
  const double seconds = (1 - available) * 60.0 / static_cast<double>(a_minute_);
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(seconds)));
}

void RateLimit::spend_locked(const std::string& bucket, std::int64_t now_ms) {
  if (buckets_.size() >= most_keys) drop_full(now_ms);
  const auto [found, added] = buckets_.try_emplace(bucket, Bucket{static_cast<double>(a_minute_), now_ms});
  found->second = {std::max(0.0, left(found->second, now_ms) - 1), now_ms};
  empty_.store(false, std::memory_order_relaxed);
}

void RateLimit::drop_full(std::int64_t now_ms) {
  std::erase_if(buckets_, [&](const auto& entry) {
    return left(entry.second, now_ms) >= static_cast<double>(a_minute_);
  });
  if (buckets_.size() < most_keys) return;
  // All are in use: those with more than half left say less than those with nothing.
  std::erase_if(buckets_, [&](const auto& entry) {
    return left(entry.second, now_ms) >= static_cast<double>(a_minute_) / 2;
  });
  if (buckets_.size() >= most_keys) buckets_.clear();
}

}  // namespace oauth2::protocol
