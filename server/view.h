#pragma once

#include <concepts>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace oauth2::server {

// What a page is told: texts, flags, and lists of the same, by name. Which names a page takes is in
// page_names.cc. An empty text counts as none where a template asks whether there is one.
class View {
 public:
  using Value = std::variant<std::string, bool, std::vector<View>>;

  View& set(std::string name, std::string value) { return put(std::move(name), std::move(value)); }
  View& set(std::string name, std::string_view value) { return put(std::move(name), std::string(value)); }
  View& set(std::string name, const char* value) { return put(std::move(name), std::string(value)); }
  // Only a bool: a pointer must not become one.
  View& set(std::string name, std::same_as<bool> auto value) { return put(std::move(name), Value(value)); }
  View& set(std::string name, std::vector<View> list) { return put(std::move(name), std::move(list)); }

  const Value* find(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &found->second;
  }
  // "" when there is no such text.
  std::string_view text(std::string_view name) const {
    const Value* value = find(name);
    const std::string* held = value ? std::get_if<std::string>(value) : nullptr;
    return held ? std::string_view(*held) : std::string_view();
  }
  const std::map<std::string, Value, std::less<>>& values() const { return values_; }

 private:
  View& put(std::string name, Value value) {
    values_.insert_or_assign(std::move(name), std::move(value));
    return *this;
  }

  std::map<std::string, Value, std::less<>> values_;
};

}  // namespace oauth2::server
