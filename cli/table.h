#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/record.h"
#include "cli/shape.h"

namespace oauth2::cli {

struct TableStyle {
  std::int64_t now = 0;
  bool color = false;
};

// For people: times are relative, control characters escaped, columns aligned by what a terminal shows.
// One thing: a line for each field that is not null.
std::string table_of_one(const Shape& shape, const Record& record, const TableStyle& style);

// A header and a line each; columns in which every row is null are left out. "" for no rows.
std::string table_of_list(const Shape& shape, const std::vector<Record>& records, const TableStyle& style);

// Lines of cells, each column as wide as its widest cell; `indent` blanks in front.
std::string aligned(const std::vector<std::vector<std::string>>& lines, std::size_t indent);

// The words of `text` in lines of at most `width` columns, each with its newline.
std::string filled(std::string_view text, std::size_t width);

}  // namespace oauth2::cli
