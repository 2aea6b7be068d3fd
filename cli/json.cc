#include "cli/json.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace oauth2::cli {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Scalar& scalar) {
  return std::visit(
      [](const auto& value) -> Json {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::monostate>) {
          return nullptr;
        } else if constexpr (std::is_same_v<std::decay_t<decltype(value)>, JsonObject>) {
          return Json::parse(value.text);
        } else {
          return value;
        }
      },
      scalar);
}

Json json_of(const Record& record) {
  Json out = Json::object();
  for (const auto& [key, value] : record) out[key] = json_of(value);
  return out;
}

std::string dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Scalar scalar_of(const Json& json) {
  if (json.is_null()) return {};
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_string()) return json.get<std::string>();
  if (json.is_array()) {
    std::vector<std::string> list;
    for (const Json& item : json) list.push_back(item.is_string() ? item.get<std::string>() : dump(item, -1));
    return list;
  }
  return dump(json, -1);
}

}  // namespace

std::string to_json(const Record& record) { return dump(json_of(record), 2) + "\n"; }

std::string to_json(const std::vector<Record>& records) {
  Json out = Json::array();
  for (const Record& record : records) out.push_back(json_of(record));
  return dump(out, 2) + "\n";
}

std::string to_json_line(const Record& record) { return dump(json_of(record), -1); }

std::optional<JsonObject> find_json_object(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  return json.is_object() ? std::optional(JsonObject{dump(json, -1)}) : std::nullopt;
}

Record read_json_object(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) throw std::runtime_error("not a JSON object");
  Record record;
  for (const auto& [key, value] : json.items()) record.emplace_back(key, scalar_of(value));
  return record;
}

}  // namespace oauth2::cli
