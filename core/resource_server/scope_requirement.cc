#include <algorithm>

#include "core/protocol/scope.h"
#include "core/resource_server/resource_server.h"
#include "core/text.h"

namespace oauth2::resource_server {

bool Token::has_scope(std::string_view scope) const {
  return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

ScopeRequirement::ScopeRequirement(std::initializer_list<const char*> alternatives)
    : ScopeRequirement(std::vector<std::string>(alternatives.begin(), alternatives.end())) {}

ScopeRequirement::ScopeRequirement(std::vector<std::string> alternatives)
    : alternatives_(std::move(alternatives)) {
  for (std::string& alternative : alternatives_) {
    const auto words = protocol::parse_scope(alternative);
    if (!words) throw std::invalid_argument("'" + alternative + "' is no scope");
    if (words->empty()) throw std::invalid_argument("a scope requirement has an empty alternative");
    alternative = text::join(*words);
  }
}

bool ScopeRequirement::is_met_by(const std::vector<std::string>& scopes) const {
  return protocol::satisfies(scopes, alternatives_);
}

std::string ScopeRequirement::nearest(const std::vector<std::string>& scopes) const {
  return alternatives_.empty() ? "" : protocol::nearest_item(scopes, alternatives_);
}

}  // namespace oauth2::resource_server
