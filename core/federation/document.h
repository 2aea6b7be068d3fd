#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oauth2::federation {

// A JSON object that a provider sent. A member that is null counts as absent; one of another type than it is
// asked for throws Failure(bad_answer), which names it.
class Document {
 public:
  // nullopt for what is no JSON object, or is nested so deeply that nobody means well.
  static std::optional<Document> parse(std::string_view text);
  // The objects of a JSON array; what is none in it is left out. nullopt as above.
  static std::optional<std::vector<Document>> parse_list(std::string_view text);

  bool has(std::string_view name) const;
  std::optional<std::string> text(std::string_view name) const;
  std::string require_text(std::string_view name) const;  // absent and empty ones throw too
  bool flag(std::string_view name) const;                 // false when absent
  // A NumericDate (RFC 7519 section 2), its fraction cut off.
  std::optional<std::int64_t> time(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;  // a single text is a list of one
  std::vector<Document> objects(std::string_view name) const;   // what is none in the list is left out

  // What may be of any type, by a path such as "data.user.id": a text, or a whole number as text; nullopt
  // for everything else.
  std::optional<std::string> word(std::string_view path) const;
  bool is_true(std::string_view path) const;  // true, or "true" as some write it

 private:
  explicit Document(nlohmann::json json);
  static std::vector<Document> objects_of(const nlohmann::json& list);
  const nlohmann::json* find(std::string_view name) const;
  const nlohmann::json* find_at(std::string_view path) const;

  std::shared_ptr<const nlohmann::json> json_;
};

}  // namespace oauth2::federation
