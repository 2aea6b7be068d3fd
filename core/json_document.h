#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace oauth2 {

// A member of a document that is not what it must be. The message names it, and nothing that it holds.
struct WrongMember : std::runtime_error {
  WrongMember(std::string_view member, std::string_view what_is_wrong);
  std::string name;
  std::string problem;  // "is no text"
};

// A JSON object that somebody else wrote: nothing is taken for granted. A member that is null counts as
// absent; one of another type than it is asked for throws WrongMember.
class JsonDocument {
 public:
  // nullopt for what is not one JSON object in UTF-8, for one where an object has a member twice, since
  // readers would differ about which of the two counts, and for one so deep or with so many values that
  // nobody means well.
  static std::optional<JsonDocument> parse(std::string_view text);
  // The objects of a JSON array; what is none in it is left out. nullopt as above.
  static std::optional<std::vector<JsonDocument>> parse_list(std::string_view text);

  bool has(std::string_view name) const;
  bool names(std::string_view name) const;  // null too: for what must not be there at all
  std::optional<std::string> text(std::string_view name) const;
  std::string require_text(std::string_view name) const;  // absent and empty ones throw too
  std::optional<bool> flag(std::string_view name) const;
  std::optional<std::int64_t> number(std::string_view name) const;  // a whole one
  // A NumericDate (RFC 7519 section 2), its fraction cut off.
  std::optional<std::int64_t> time(std::string_view name) const;
  // A single text is a list of one, as `aud` may be.
  std::optional<std::vector<std::string>> texts(std::string_view name) const;
  // What is none in the list is left out; absent ones throw too.
  std::vector<JsonDocument> objects(std::string_view name) const;

  // What may be of any type, by a path such as "data.user.id": a text, or a whole number as text; nullopt
  // for everything else.
  std::optional<std::string> word(std::string_view path) const;
  bool is_true(std::string_view path) const;  // true, or "true" as some write it

  // As it came, members in their order; over several lines where `indent` is not -1.
  std::string dump(int indent) const;

 private:
  using Json = nlohmann::ordered_json;
  explicit JsonDocument(std::shared_ptr<const Json> json) : json_(std::move(json)) {}
  const Json* find(std::string_view name) const;
  const Json* find_at(std::string_view path) const;
  std::vector<JsonDocument> objects_in(const Json& list) const;

  std::shared_ptr<const Json> json_;  // all that was parsed lives as long as a part of it
};

}  // namespace oauth2
