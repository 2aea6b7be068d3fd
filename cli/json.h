#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/record.h"

namespace oauth2::cli {

// Bytes that are not UTF-8 become U+FFFD: writing never fails.
std::string to_json(const Record& record);                // over several lines, with a newline at the end
std::string to_json(const std::vector<Record>& records);  // an array of all of them
std::string to_json_line(const Record& record);           // on one line, without a newline

// `text` again where it is a JSON object, without what is not needed to read it.
std::optional<JsonObject> find_json_object(std::string_view text);

// The members of a JSON object; texts within an array become a list, other nested values their JSON text.
// std::runtime_error when `text` is none.
Record read_json_object(std::string_view text);

}  // namespace oauth2::cli
