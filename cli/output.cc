#include "cli/output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "cli/exit_code.h"
#include "cli/json.h"
#include "cli/streams.h"
#include "cli/table.h"
#include "core/crypto/random.h"
#include "core/text.h"

namespace oauth2::cli {
namespace {

constexpr std::array<std::pair<std::string_view, Format>, 6> formats = {{{"table", Format::table},
                                                                         {"json", Format::json},
                                                                         {"jsonl", Format::jsonl},
                                                                         {"csv", Format::csv},
                                                                         {"env", Format::env},
                                                                         {"github", Format::github}}};

std::string plain(const Scalar& scalar) {
  if (const auto* flag = std::get_if<bool>(&scalar)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&scalar)) return fmt::format("{}", *number);
  if (const auto* words = std::get_if<std::string>(&scalar)) return *words;
  if (const auto* object = std::get_if<JsonObject>(&scalar)) return object->text;
  if (const auto* list = std::get_if<std::vector<std::string>>(&scalar)) return text::join(*list);
  return {};
}

// A raw value on a line of its own: a line break in it would forge another line.
std::string line_of(const Scalar& scalar) {
  const std::string value = plain(scalar);
  return (text::has_control(value) ? text::escape_controls(value) : value) + "\n";
}

std::string csv_cell(const std::string& value) {
  if (value.find_first_of("\",\r\n") == std::string::npos) return value;
  std::string out = "\"";
  for (const char c : value) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::string csv(const Shape& shape, const std::vector<Record>& records) {
  std::string out = text::join(shape.keys(), ",") + "\r\n";  // RFC 4180
  for (const Record& record : records) {
    std::vector<std::string> cells;
    for (const Field& field : shape.fields) {
      const Scalar* value = find_value(record, field.key);
      cells.push_back(csv_cell(value ? plain(*value) : ""));
    }
    out += text::join(cells, ",") + "\r\n";
  }
  return out;
}

using Variables = std::vector<std::pair<std::string, std::string>>;

// What -o env shows: what the shape names, else every field.
Variables variables_of(const Shape& shape, const Record& record) {
  Variables out;
  for (const auto& [variable, key] : shape.variables) {
    const Scalar* value = find_value(record, key);
    if (value && !std::holds_alternative<std::monostate>(*value)) out.emplace_back(variable, plain(*value));
  }
  if (!shape.variables.empty()) return out;
  for (const auto& [key, value] : record) {
    std::string variable = "OAUTH2_" + key;
    for (char& c : variable) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    out.emplace_back(variable, plain(value));
  }
  return out;
}

std::string env(const Shape& shape, const Record& record) {
  std::string out;
  for (const auto& [variable, value] : variables_of(shape, record)) {
    out += fmt::format("{}={}\n", variable, text::shell_quoted(value));
  }
  return out;
}

void append_to_file(const char* path, const std::string& text) {
  const int fd = ::open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) {
    throw CommandError(Exit::failed, fmt::format("cannot open {}: {}", path, std::strerror(errno)));
  }
  try {
    write_all(fd, text);
  } catch (...) {
    ::close(fd);
    throw;
  }
  ::close(fd);
}

// GitHub Actions: what is secret is masked in the log before the job's output has it.
std::string github(const Shape& shape, const Record& record) {
  std::string masks;
  std::string outputs;
  for (const auto& [key, value] : record) {
    const Field* field = shape.find(key);
    const std::string secret = plain(value);
    if (field && field->kind == FieldKind::secret && !secret.empty())
      masks += fmt::format("::add-mask::{}\n", secret);
  }
  for (const auto& [variable, value] : variables_of(shape, record)) {
    const std::string name = text::lower(variable.substr(std::string_view("OAUTH2_").size()));
    if (text::has_control(value)) {
      const std::string end = "end_" + crypto::random_base62(22);  // nobody can foresee it
      outputs += fmt::format("{}<<{}\n{}\n{}\n", name, end, value, end);
    } else {
      outputs += fmt::format("{}={}\n", name, value);
    }
  }
  write_all(STDOUT_FILENO, masks);  // first, or the log may show what the output file holds
  append_to_file(std::getenv("GITHUB_OUTPUT"), outputs);
  return {};
}

std::string quiet_line(const Shape& shape, const Record& record) {
  for (const std::string& key : shape.quiet) {
    const Scalar* value = find_value(record, key);
    if (value && !std::holds_alternative<std::monostate>(*value)) return line_of(*value);
  }
  return {};
}

std::string value_line(const std::string& field, const Record& record) {
  const Scalar* value = find_value(record, field);
  return line_of(value ? *value : Scalar());
}

}  // namespace

OutputChoice read_output_choice(std::string_view text) {
  for (const auto& [name, format] : formats) {
    if (text == name) return {format, {}};
  }
  if (text.starts_with("value=") && text.size() > 6) return {Format::value, std::string(text.substr(6))};
  throw UsageError(fmt::format("there is no output format '{}'", text::escape_controls(text)),
                   "table, json, jsonl, csv, env, github or value=FIELD");
}

void require_printable(const OutputStyle& style, const Shape& shape) {
  if (style.choice.format == Format::value && !shape.is_document && !shape.find(style.choice.field)) {
    throw UsageError(fmt::format("there is no field '{}'", text::escape_controls(style.choice.field)),
                     text::join(shape.keys(), ", "));
  }
  const char* path = std::getenv("GITHUB_OUTPUT");
  if (style.choice.format != Format::github) return;
  if (!path || !*path) throw UsageError("-o github needs $GITHUB_OUTPUT, which GitHub Actions sets");
  append_to_file(path, "");  // where it cannot, a new secret would be lost
}

std::string print_one(const OutputStyle& style, const Shape& shape, const Record& record) {
  if (style.quiet) return quiet_line(shape, record);
  switch (style.choice.format) {
    case Format::table:
      return shape.is_document ? to_json(record) : table_of_one(shape, record, {style.now, style.color});
    case Format::json:
      return to_json(record);
    case Format::jsonl:
      return to_json_line(record) + "\n";
    case Format::csv:
      return csv(shape, {record});
    case Format::env:
      return env(shape, record);
    case Format::github:
      return github(shape, record);
    case Format::value:
      return value_line(style.choice.field, record);
  }
  return {};
}

std::string print_list(const OutputStyle& style, const Shape& shape, const std::vector<Record>& records) {
  std::string out;
  if (style.quiet) {
    for (const Record& record : records) out += quiet_line(shape, record);
    return out;
  }
  switch (style.choice.format) {
    case Format::table:
      return table_of_list(shape, records, {style.now, style.color});
    case Format::json:
      return to_json(records);
    case Format::csv:
      return csv(shape, records);
    case Format::jsonl:
      for (const Record& record : records) out += to_json_line(record) + "\n";
      return out;
    case Format::value:
      for (const Record& record : records) out += value_line(style.choice.field, record);
      return out;
    case Format::env:
    case Format::github:
      break;
  }
  throw UsageError("-o env and -o github are for one thing, not for a list",
                   "-o json, jsonl, csv or value=FIELD");
}

}  // namespace oauth2::cli
