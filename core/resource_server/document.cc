#include "core/resource_server/document.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/protocol/scope.h"

namespace oauth2::resource_server {

using nlohmann::json;

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

}  // namespace

Document::Document(std::shared_ptr<const Json> from) : json_(std::move(from)) {}

std::optional<Document> Document::parse(std::string_view text) {
  std::size_t names = 0;
  const auto count = [&](int depth, json::parse_event_t event, json&) {
    if (event == json::parse_event_t::key && depth == 1) ++names;
    return true;
  };
  json value = json::parse(text, count, false);
  if (!value.is_object() || value.size() != names) return std::nullopt;
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
