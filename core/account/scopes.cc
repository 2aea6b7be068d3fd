#include "core/account/scopes.h"

#include <algorithm>

#include "core/store/scopes.h"
#include "core/text.h"

namespace oauth2::account {

std::vector<std::string> list_internal_scopes(const Context& context) {
  std::vector<std::string> names;
  for (const store::Scope& scope : context.db.read(store::list_scopes)) {
    if (scope.internal) names.push_back(scope.name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> shown_scopes(const std::string& scope, const std::vector<std::string>& internal) {
  auto words = text::words(scope);
  std::erase_if(words, [&](const std::string& word) {
    return std::binary_search(internal.begin(), internal.end(), word);
  });
  return words;
}

}  // namespace oauth2::account
