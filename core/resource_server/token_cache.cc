#include "core/resource_server/token_cache.h"

namespace oauth2::resource_server {

void TokenCache::forget(Part& part, const std::string& token_hash) {
  const auto found = part.entries.find(token_hash);
  if (found == part.entries.end()) return;
  const auto place = found->second.place;
  part.entries.erase(found);
  part.order.erase(place);
}

const TokenCache::Entry* TokenCache::find(Part& part, const std::string& token_hash, std::int64_t now) {
  const auto found = part.entries.find(token_hash);
  if (found == part.entries.end()) return nullptr;
  if (found->second.until > now) return &found->second;
  forget(part, token_hash);
  return nullptr;
}

std::optional<std::optional<Token>> TokenCache::find(const std::string& token_hash, std::int64_t now) {
  std::lock_guard lock(mutex_);
  for (Part* part : {&valid_, &invalid_}) {
    if (const Entry* entry = find(*part, token_hash, now)) return entry->token;
  }
  return std::nullopt;
}

void TokenCache::keep(const std::string& token_hash, const std::optional<Token>& token, std::int64_t until) {
  std::lock_guard lock(mutex_);
  forget(valid_, token_hash);
  forget(invalid_, token_hash);
  Part& part = token ? valid_ : invalid_;
  if (part.most == 0) return;
  if (part.entries.size() == part.most) forget(part, std::string(part.order.front()));
  const auto place = part.order.insert(part.order.end(), token_hash);
  part.entries.emplace(token_hash, Entry{token, until, place});
}

}  // namespace oauth2::resource_server
