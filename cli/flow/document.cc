#include "cli/flow/document.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/exit_code.h"
#include "cli/json.h"

namespace oauth2::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr int deepest = 32;

struct TooDeep {};

[[noreturn]] void refuse(std::string_view name, std::string_view what) {
  throw CommandError(Exit::failed, fmt::format("the server's answer is malformed: {} {}", name, what));
}

}  // namespace

Document::Document(Json json) : json_(std::make_shared<const Json>(std::move(json))) {}

std::optional<Document> Document::parse(std::string_view text) {
  const auto not_too_deep = [](int depth, Json::parse_event_t, Json&) {
    if (depth > deepest) throw TooDeep();  // writing it again would recurse as deeply
    return true;
  };
  try {
    Json json = Json::parse(text, not_too_deep, false);
    if (!json.is_object()) return std::nullopt;
    return Document(std::move(json));
  } catch (const TooDeep&) {
    return std::nullopt;
  }
}

const Json* Document::find(std::string_view name) const {
  const auto found = json_->find(std::string(name));
  return found == json_->end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> Document::text(std::string_view name) const {
  const Json* found = find(name);
  if (!found) return std::nullopt;
  if (!found->is_string()) refuse(name, "is no text");
  return found->get<std::string>();
}

std::optional<std::int64_t> Document::number(std::string_view name) const {
  const Json* found = find(name);
  if (!found) return std::nullopt;
  if (!found->is_number_integer()) refuse(name, "is no whole number");
  return found->get<std::int64_t>();
}

std::optional<std::vector<std::string>> Document::texts(std::string_view name) const {
  const Json* found = find(name);
  if (!found) return std::nullopt;
  if (!found->is_array()) refuse(name, "is no list of texts");
  std::vector<std::string> out;
  for (const Json& item : *found) {
    if (!item.is_string()) refuse(name, "is no list of texts");
    out.push_back(item.get<std::string>());
  }
  return out;
}

bool Document::flag(std::string_view name) const {
  const Json* found = find(name);
  if (found && !found->is_boolean()) refuse(name, "is neither true nor false");
  return found && found->get<bool>();
}

std::string Document::require_text(std::string_view name) const {
  const auto found = text(name);
  if (!found || found->empty()) refuse(name, "is missing");
  return *found;
}

Record Document::record() const { return read_json_object(json(true)); }

std::string Document::json(bool on_one_line) const { return json_->dump(on_one_line ? -1 : 2) + "\n"; }

}  // namespace oauth2::cli
