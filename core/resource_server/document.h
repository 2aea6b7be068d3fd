#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace oauth2::resource_server {

// A member of a document that is of the wrong type. The message names it and nothing that it holds.
struct WrongMember : std::runtime_error {
  explicit WrongMember(std::string_view name)
      : std::runtime_error("the member '" + std::string(name) + "' is not what it must be") {}
};

// A JSON object from somebody else: nothing is taken for granted. Members that are absent are nullopt; those
// of the wrong type throw WrongMember.
class Document {
 public:
  // nullopt for what is not one JSON object in UTF-8, or has one of its own members twice: readers would
  // differ about which of the two counts.
  static std::optional<Document> parse(std::string_view text);

  bool has(std::string_view name) const;
  std::optional<std::string> text(std::string_view name) const;
  std::optional<bool> flag(std::string_view name) const;
  std::optional<std::int64_t> time(std::string_view name) const;  // NumericDate (RFC 7519 section 2)
  // An array of texts, or one text alone (as `aud` may be).
  std::optional<std::vector<std::string>> texts(std::string_view name) const;
  std::optional<std::vector<std::string>> scope(std::string_view name) const;  // its words
  std::optional<std::vector<Document>> objects(std::string_view name) const;   // those of an array

 private:
  struct Json;
  explicit Document(std::shared_ptr<const Json> from);
  std::shared_ptr<const Json> json_;
};

}  // namespace oauth2::resource_server
