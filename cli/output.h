#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/record.h"
#include "cli/shape.h"

namespace oauth2::cli {

enum class Format { table, json, jsonl, csv, env, github, value };

struct OutputChoice {
  Format format = Format::table;
  std::string field;  // of value=FIELD
};

// UsageError for anything but the formats that there are.
OutputChoice read_output_choice(std::string_view text);

struct OutputStyle {
  OutputChoice choice;
  bool quiet = false;
  bool color = false;
  std::int64_t now = 0;  // relative times are counted from here
};

// Refuses (UsageError), before anything has changed, what `shape` cannot be printed as: a field that it has
// not, or -o github without a $GITHUB_OUTPUT.
void require_printable(const OutputStyle& style, const Shape& shape);

// One thing. With -o github, appends to $GITHUB_OUTPUT too.
std::string print_one(const OutputStyle& style, const Shape& shape, const Record& record);

// All of a list, "" for an empty one except as JSON and CSV. UsageError for -o env and -o github.
std::string print_list(const OutputStyle& style, const Shape& shape, const std::vector<Record>& records);

}  // namespace oauth2::cli
