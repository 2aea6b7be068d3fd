#include "core/json_document.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/text.h"

namespace oauth2 {
namespace {

using Json = nlohmann::ordered_json;

constexpr int deepest = 32;
constexpr int most_events = 20'000;  // names, values and ends: the library's time grows with their square
constexpr double latest = 1e12;      // a time some 30,000 years from now

struct Refused {};

// Discarded when it is no JSON, or none that is taken.
Json parse_json(std::string_view text) {
  std::vector<std::size_t> written;  // members of each object that has begun
  int events = 0;
  const auto judge = [&](int depth, Json::parse_event_t event, const Json& value) {
    if (depth > deepest || ++events > most_events) throw Refused();
    if (event == Json::parse_event_t::object_start) written.push_back(0);
    if (event == Json::parse_event_t::key) ++written.back();
    if (event == Json::parse_event_t::object_end) {
      if (value.size() != written.back()) throw Refused();
      written.pop_back();
    }
    return true;
  };
  try {
    return Json::parse(text, judge, false);
  } catch (const Refused&) {
    return Json(Json::value_t::discarded);
  }
}

const Json* member(const Json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

}  // namespace

WrongMember::WrongMember(std::string_view member, std::string_view what_is_wrong)
    : std::runtime_error(fmt::format("the member '{}' {}", member, what_is_wrong)),
      name(member),
      problem(what_is_wrong) {}

std::optional<JsonDocument> JsonDocument::parse(std::string_view text) {
  auto json = std::make_shared<const Json>(parse_json(text));
  return json->is_object() ? std::optional(JsonDocument(std::move(json))) : std::nullopt;
}

std::optional<std::vector<JsonDocument>> JsonDocument::parse_list(std::string_view text) {
  const JsonDocument whole(std::make_shared<const Json>(parse_json(text)));
  return whole.json_->is_array() ? std::optional(whole.objects_in(*whole.json_)) : std::nullopt;
}

std::vector<JsonDocument> JsonDocument::objects_in(const Json& list) const {
  std::vector<JsonDocument> out;
  for (const Json& item : list) {
    if (item.is_object()) out.push_back(JsonDocument(std::shared_ptr<const Json>(json_, &item)));
  }
  return out;
}

const Json* JsonDocument::find(std::string_view name) const { return member(*json_, name); }

const Json* JsonDocument::find_at(std::string_view path) const {
  if (path.empty()) return nullptr;
  const Json* at = json_.get();
  for (const std::string_view name : text::split(path, '.')) at = at ? member(*at, name) : nullptr;
  return at;
}

bool JsonDocument::has(std::string_view name) const { return find(name) != nullptr; }

bool JsonDocument::names(std::string_view name) const { return json_->contains(name); }

std::optional<std::string> JsonDocument::text(std::string_view name) const {
  const Json* found = find(name);
  if (!found) return std::nullopt;
  if (!found->is_string()) throw WrongMember(name, "is no text");
  return found->get<std::string>();
}

std::string JsonDocument::require_text(std::string_view name) const {
  auto found = text(name);
  if (!found || found->empty()) throw WrongMember(name, "is missing");
  return std::move(*found);
}

std::optional<bool> JsonDocument::flag(std::string_view name) const {
  const Json* found = find(name);
  if (!found) return std::nullopt;
  if (!found->is_boolean()) throw WrongMember(name, "is neither true nor false");
  return found->get<bool>();
}

std::optional<std::int64_t> JsonDocument::number(std::string_view name) const {
  const Json* found = find(name);
  if (!found) return std::nullopt;
  if (!found->is_number_integer()) throw WrongMember(name, "is no whole number");
  return found->get<std::int64_t>();
}

std::optional<std::int64_t> JsonDocument::time(std::string_view name) const {
  const Json* found = find(name);
  if (!found) return std::nullopt;
  const double value = found->is_number() ? found->get<double>() : -1;
  if (!(value >= 0 && value <= latest)) throw WrongMember(name, "is no time");
  return static_cast<std::int64_t>(std::floor(value));
}

std::optional<std::vector<std::string>> JsonDocument::texts(std::string_view name) const {
  const Json* found = find(name);
  if (!found) return std::nullopt;
  if (found->is_string()) return std::vector{found->get<std::string>()};
  if (!found->is_array()) throw WrongMember(name, "is no list of texts");
  std::vector<std::string> out;
  for (const Json& item : *found) {
    if (!item.is_string()) throw WrongMember(name, "is no list of texts");
    out.push_back(item.get<std::string>());
  }
  return out;
}

std::vector<JsonDocument> JsonDocument::objects(std::string_view name) const {
  const Json* found = find(name);
  if (!found || !found->is_array()) throw WrongMember(name, "is no list");
  return objects_in(*found);
}

std::optional<std::string> JsonDocument::word(std::string_view path) const {
  const Json* found = find_at(path);
  if (!found) return std::nullopt;
  if (found->is_string()) return found->get<std::string>();
  if (found->is_number_unsigned()) return std::to_string(found->get<std::uint64_t>());
  if (found->is_number_integer()) return std::to_string(found->get<std::int64_t>());
  return std::nullopt;
}

bool JsonDocument::is_true(std::string_view path) const {
  const Json* found = find_at(path);
  return found && (*found == true || *found == "true");
}

std::string JsonDocument::dump(int indent) const { return json_->dump(indent); }

}  // namespace oauth2
