#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace oauth2::protocol {

// So many a minute by key, all at once or spread: a bucket that fills up again evenly. Safe from many
// threads. Times are milliseconds of a clock that only goes forward. Holds at most 100,000 keys: the fullest
// buckets, which say least, go first.
class RateLimit {
 public:
  explicit RateLimit(std::int64_t a_minute) : a_minute_(a_minute) {}  // 0: no limit

  // Seconds to wait when the key has nothing left, nullopt when it has.
  std::optional<std::int64_t> wait(std::string_view key, std::int64_t now_ms);
  void spend(std::string_view key, std::int64_t now_ms);
  // Both in one step: spends, or answers how long to wait.
  std::optional<std::int64_t> take(std::string_view key, std::int64_t now_ms);

 private:
  struct Bucket {
    double left;
    std::int64_t at_ms;
  };
  static std::string digest(std::string_view key);  // of one length, whatever a client sends as its name
  double left(const Bucket& bucket, std::int64_t now_ms) const;
  std::optional<std::int64_t> wait_locked(const std::string& bucket, std::int64_t now_ms) const;
  void spend_locked(const std::string& bucket, std::int64_t now_ms);
  void drop_full(std::int64_t now_ms);

  const std::int64_t a_minute_;
  std::mutex mutex_;
  std::atomic<bool> empty_{true};  // the usual case costs no lock
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace oauth2::protocol
