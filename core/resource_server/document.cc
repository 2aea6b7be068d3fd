#include "core/resource_server/document.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/protocol/scope.h"

namespace oauth2::resource_server {

using json = nlohmann::ordered_json;

struct Document::Json {
  json value;

  const json* find(std::string_view name) const {
    const auto found = value.find(name);
    return found == value.end() ? nullptr : &*found;
  }
};

namespace {

constexpr double latest = 1e12;  // a time beyond it is none

bool are_texts(const json& values) {
  return std::all_of(values.begin(), values.end(), [](const json& one) { return one.is_string(); });
}

// How many members are written in a JSON object, those of what is in it apart: as many as its colons.
std::size_t written_members(std::string_view object) {
  std::size_t members = 0;
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < object.size(); ++i) {
    const char c = object[i];
    if (c == '"') quoted = !quoted;
    if (quoted) {
      if (c == '\\') ++i;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (c == ':' && depth == 1) ++members;
  }
  return members;
}

}  // namespace

Document::Document(std::shared_ptr<const Json> from) : json_(std::move(from)) {}

std::optional<Document> Document::parse(std::string_view text) {
  json value = json::parse(text, nullptr, false);
  if (!value.is_object() || value.size() != written_members(text)) return std::nullopt;
  return Document(std::make_shared<const Json>(Json{std::move(value)}));
}

bool Document::has(std::string_view name) const { return json_->find(name) != nullptr; }

std::optional<std::string> Document::text(std::string_view name) const {
  const json* member = json_->find(name);
  if (!member) return std::nullopt;
  if (!member->is_string()) throw WrongMember(name);
  return member->get<std::string>();
}

std::optional<bool> Document::flag(std::string_view name) const {
  const json* member = json_->find(name);
  if (!member) return std::nullopt;
  if (!member->is_boolean()) throw WrongMember(name);
  return member->get<bool>();
}

std::optional<std::int64_t> Document::time(std::string_view name) const {
  const json* member = json_->find(name);
  if (!member) return std::nullopt;
  if (!member->is_number()) throw WrongMember(name);
  const double value = member->get<double>();
  if (!std::isfinite(value) || value < 0 || value > latest) throw WrongMember(name);
  return static_cast<std::int64_t>(value);
}

std::optional<std::vector<std::string>> Document::texts(std::string_view name) const {
  const json* member = json_->find(name);
  if (!member) return std::nullopt;
  if (member->is_string()) return std::vector<std::string>{member->get<std::string>()};
  if (!member->is_array() || !are_texts(*member)) throw WrongMember(name);
  return member->get<std::vector<std::string>>();
}

std::optional<std::vector<std::string>> Document::scope(std::string_view name) const {
  const auto words = text(name);
  if (!words) return std::nullopt;
  auto scope = protocol::parse_scope(*words);
  if (!scope) throw WrongMember(name);
  return scope;
}

std::optional<std::vector<Document>> Document::objects(std::string_view name) const {
  const json* member = json_->find(name);
  if (!member) return std::nullopt;
  if (!member->is_array()) throw WrongMember(name);
  std::vector<Document> found;
  for (const json& one : *member) {
    if (!one.is_object()) throw WrongMember(name);
    found.push_back(Document(std::make_shared<const Json>(Json{one})));
  }
  return found;
}

}  // namespace oauth2::resource_server
