#include "core/federation/document.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/federation/failure.h"
#include "core/text.h"

namespace oauth2::federation {
namespace {

using Json = nlohmann::json;

constexpr int deepest = 32;
constexpr double latest = 1e12;  // some 30,000 years from now

struct TooDeep {};

[[noreturn]] void refuse(std::string_view name, std::string_view what) {
  throw Failure(FailureKind::bad_answer, fmt::format("the provider's '{}' {}", name, what));
}

// Discarded when it is no JSON, or too deep.
Json parse_json(std::string_view text) {
  const auto not_too_deep = [](int depth, Json::parse_event_t, Json&) {
    if (depth > deepest) throw TooDeep();
    return true;
  };
  try {
    return Json::parse(text, not_too_deep, false);
  } catch (const TooDeep&) {
    return Json(Json::value_t::discarded);
  }
}

const Json* member(const Json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(std::string(name));
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

}  // namespace

Document::Document(Json json) : json_(std::make_shared<const Json>(std::move(json))) {}

std::optional<Document> Document::parse(std::string_view text) {
  Json json = parse_json(text);
  return json.is_object() ? std::optional(Document(std::move(json))) : std::nullopt;
}

std::optional<std::vector<Document>> Document::parse_list(std::string_view text) {
  const Json json = parse_json(text);
  return json.is_array() ? std::optional(objects_of(json)) : std::nullopt;
}

std::vector<Document> Document::objects_of(const Json& list) {
  std::vector<Document> out;
  for (const Json& item : list) {
    if (item.is_object()) out.push_back(Document(item));
  }
  return out;
}

const Json* Document::find(std::string_view name) const { return member(*json_, name); }

const Json* Document::find_at(std::string_view path) const {
  const Json* at = json_.get();
  for (const std::string_view name : text::split(path, '.')) at = at ? member(*at, name) : nullptr;
  return at;
}

bool Document::has(std::string_view name) const { return find(name) != nullptr; }

std::optional<std::string> Document::text(std::string_view name) const {
  const Json* found = find(name);
  if (!found) return std::nullopt;
  if (!found->is_string()) refuse(name, "is no text");
  return found->get<std::string>();
}

std::string Document::require_text(std::string_view name) const {
  const auto found = text(name);
  if (!found || found->empty()) refuse(name, "is missing");
  return *found;
}

bool Document::flag(std::string_view name) const {
  const Json* found = find(name);
  if (found && !found->is_boolean()) refuse(name, "is neither true nor false");
  return found && found->get<bool>();
}

std::optional<std::int64_t> Document::time(std::string_view name) const {
  const Json* found = find(name);
  if (!found) return std::nullopt;
  const double value = found->is_number() ? found->get<double>() : -1;
  if (!(value >= 0 && value <= latest)) refuse(name, "is no time");
  return static_cast<std::int64_t>(std::floor(value));
}

std::vector<std::string> Document::texts(std::string_view name) const {
  const Json* found = find(name);
  if (!found) return {};
  if (found->is_string()) return {found->get<std::string>()};
  if (!found->is_array()) refuse(name, "is no list of texts");
  std::vector<std::string> out;
  for (const Json& item : *found) {
    if (!item.is_string()) refuse(name, "is no list of texts");
    out.push_back(item.get<std::string>());
  }
  return out;
}

std::vector<Document> Document::objects(std::string_view name) const {
  const Json* found = find(name);
  if (!found || !found->is_array()) refuse(name, "is no list");
  return objects_of(*found);
}

std::optional<std::string> Document::word(std::string_view path) const {
  const Json* found = path.empty() ? nullptr : find_at(path);
  if (!found) return std::nullopt;
  if (found->is_string()) return found->get<std::string>();
  if (found->is_number_unsigned()) return std::to_string(found->get<std::uint64_t>());
  if (found->is_number_integer()) return std::to_string(found->get<std::int64_t>());
  return std::nullopt;
}

bool Document::is_true(std::string_view path) const {
  const Json* found = path.empty() ? nullptr : find_at(path);
  return found && (*found == true || *found == "true");
}

}  // namespace oauth2::federation
