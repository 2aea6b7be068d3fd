#include "core/federation/remote_cache.h"

namespace oauth2::federation {
namespace {

constexpr std::int64_t most_seconds = 600;
constexpr std::size_t most_entries = 100;  // a provider may name another jwks_uri each time

bool is_fresh(std::int64_t fetched_at, std::int64_t now) { return now - fetched_at < most_seconds; }

template <class Map, class Value>
void put(Map& map, const std::string& key, Value&& value) {
  if (map.size() >= most_entries) map.clear();
  map[key] = std::forward<Value>(value);
}

}  // namespace

std::optional<Metadata> RemoteCache::find_metadata(const std::string& issuer, std::int64_t now) const {
  const std::lock_guard lock(mutex_);
  const auto found = metadata_.find(issuer);
  if (found == metadata_.end() || !is_fresh(found->second.fetched_at, now)) return std::nullopt;
  return found->second.metadata;
}

void RemoteCache::keep(const std::string& issuer, const Metadata& metadata, std::int64_t now) {
  const std::lock_guard lock(mutex_);
  put(metadata_, issuer, KeptMetadata{metadata, now});
}

std::optional<RemoteCache::Keys> RemoteCache::find_keys(const std::string& jwks_uri, std::int64_t now) const {
  const std::lock_guard lock(mutex_);
  const auto found = keys_.find(jwks_uri);
  if (found == keys_.end() || !is_fresh(found->second.fetched_at, now)) return std::nullopt;
  return found->second;
}

void RemoteCache::keep(const std::string& jwks_uri, const Keys& keys) {
  const std::lock_guard lock(mutex_);
  put(keys_, jwks_uri, keys);
}

}  // namespace oauth2::federation
