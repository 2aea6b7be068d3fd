#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/resource_server/resource_server.h"

namespace oauth2::resource_server {

// What was last said about tokens, by the hash of each. Valid and invalid ones have room of their own, so
// that a flood of invalid ones costs the valid ones nothing. Many threads may use it.
class TokenCache {
 public:
  explicit TokenCache(std::size_t entries) : valid_{entries, {}, {}}, invalid_{entries, {}, {}} {}

  // nullopt: not known at `now`; else the token, or nullopt in it for an invalid one.
  std::optional<std::optional<Token>> find(const std::string& token_hash, std::int64_t now);
  void keep(const std::string& token_hash, const std::optional<Token>& token, std::int64_t until);

 private:
  struct Entry {
    std::optional<Token> token;
    std::int64_t until = 0;
    std::list<std::string>::iterator place;
  };
  struct Part {
    std::size_t most = 0;
    std::unordered_map<std::string, Entry> entries;
    std::list<std::string> order;  // the oldest is the first
  };

  static const Entry* find(Part& part, const std::string& token_hash, std::int64_t now);
  static void forget(Part& part, const std::string& token_hash);

  std::mutex mutex_;
  Part valid_;
  Part invalid_;
};

}  // namespace oauth2::resource_server
