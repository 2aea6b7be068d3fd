#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/record.h"

namespace oauth2::cli {

// A JSON object that a server sent. A member that is null counts as absent; one of another type than it is
// asked for throws CommandError(Exit::failed), which names it.
class Document {
 public:
  // nullopt for what is no JSON object, or is nested so deeply that nobody means well.
  static std::optional<Document> parse(std::string_view text);

  std::optional<std::string> text(std::string_view name) const;
  std::optional<std::int64_t> number(std::string_view name) const;
  std::optional<std::vector<std::string>> texts(std::string_view name) const;
  bool flag(std::string_view name) const;  // false when absent
  // Absent and empty ones throw too.
  std::string require_text(std::string_view name) const;

  Record record() const;
  std::string json(bool on_one_line) const;  // as it came, members in their order, with a newline

 private:
  explicit Document(nlohmann::ordered_json json);
  const nlohmann::ordered_json* find(std::string_view name) const;

  std::shared_ptr<const nlohmann::ordered_json> json_;
};

}  // namespace oauth2::cli
