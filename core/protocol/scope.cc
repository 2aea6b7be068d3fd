#include "core/protocol/scope.h"

#include <algorithm>

#include "core/text.h"

namespace oauth2::protocol {
namespace {

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

bool is_scope_token(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(),
                                      [](char c) { return c > 0x20 && c < 0x7F && c != '"' && c != '\\'; });
}

std::optional<std::vector<std::string>> parse_scope(std::string_view text) {
  std::vector<std::string> out;
  for (std::string& word : text::words(text)) {
    if (!is_scope_token(word)) return std::nullopt;
    if (!contains(out, word)) out.push_back(std::move(word));
  }
  return out;
}

bool covers(const std::vector<std::string>& granted, const std::vector<std::string>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(),
                     [&](const std::string& word) { return contains(granted, word); });
}

bool satisfies(const std::vector<std::string>& granted, const std::vector<std::string>& items) {
  return items.empty() || std::any_of(items.begin(), items.end(), [&](const std::string& item) {
           return covers(granted, text::words(item));
         });
}

std::string nearest_item(const std::vector<std::string>& granted, const std::vector<std::string>& items) {
  const auto lacking = [&](const std::string& item) {
    const auto wanted = text::words(item);
    return std::count_if(wanted.begin(), wanted.end(),
                         [&](const std::string& word) { return !contains(granted, word); });
  };
  const auto nearest = std::min_element(items.begin(), items.end(), [&](const auto& one, const auto& other) {
    return lacking(one) < lacking(other);
  });
  return nearest == items.end() ? "" : *nearest;
}

}  // namespace oauth2::protocol
