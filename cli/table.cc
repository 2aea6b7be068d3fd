#include "cli/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/streams.h"
#include "core/account/user_agent.h"
#include "core/text.h"
#include "core/time.h"

namespace oauth2::cli {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t longest_user_agent = 40;

bool is_null(const Scalar* value) { return !value || std::holds_alternative<std::monostate>(*value); }

std::string number_text(std::int64_t number, FieldKind kind, std::int64_t now) {
  if (kind == FieldKind::time) return number == 0 ? "never" : format_relative(number, now);
  if (kind == FieldKind::seconds) return format_duration(number);
  if (kind == FieldKind::bytes && number >= 1024 * 1024) {
    return fmt::format("{:.1f} MiB", static_cast<double>(number) / (1024 * 1024));
  }
  if (kind == FieldKind::bytes && number >= 1024)
    return fmt::format("{:.1f} KiB", static_cast<double>(number) / 1024);
  return fmt::format("{}", number);
}

// Chrome on Linux; of a User-Agent that is not known, its beginning.
std::string browser_text(const std::string& user_agent) {
  const account::Device device = account::device_of(user_agent);
  if (device.browser.empty() && device.system.empty()) return text::shortened(user_agent, longest_user_agent);
  if (device.browser.empty()) return std::string(device.system);
  if (device.system.empty()) return std::string(device.browser);
  return fmt::format("{} on {}", device.browser, device.system);
}

std::string cell(const Scalar* value, FieldKind kind, std::int64_t now) {
  if (is_null(value)) return "-";
  if (const auto* flag = std::get_if<bool>(value)) return *flag ? "yes" : "no";
  if (const auto* number = std::get_if<std::int64_t>(value)) return number_text(*number, kind, now);
  // Not with doubled backslashes, which would make it other JSON.
  if (const auto* object = std::get_if<JsonObject>(value))
    return text::has_control(object->text) ? text::escape_controls(object->text) : object->text;
  const auto* list = std::get_if<std::vector<std::string>>(value);
  std::string text = list ? text::join(*list) : std::get<std::string>(*value);
  if (kind == FieldKind::browser) text = browser_text(text);
  return text.empty() ? "-" : text::escape_controls(text);
}

std::string bold(const std::string& text, bool color) { return color ? "\x1b[1m" + text + "\x1b[0m" : text; }

}  // namespace

std::string aligned(const std::vector<std::vector<std::string>>& lines, std::size_t indent) {
  std::vector<std::size_t> widths;
  for (const auto& line : lines) {
    widths.resize(std::max(widths.size(), line.size()));
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], display_width(line[i]));
  }
  std::string out;
  for (const auto& line : lines) {
    out.append(indent, ' ');
    for (std::size_t i = 0; i < line.size(); ++i) {
      out += line[i];
      if (i + 1 < line.size()) out.append(widths[i] - display_width(line[i]) + gap, ' ');
    }
    out += '\n';
  }
  return out;
}

std::string filled(std::string_view text, std::size_t width) {
  std::string out;
  std::string line;
  for (const std::string& word : text::words(text)) {
    if (!line.empty() && display_width(line) + 1 + display_width(word) > width) {
      out += line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return line.empty() ? out : out + line + "\n";
}

std::string table_of_one(const Shape& shape, const Record& record, const TableStyle& style) {
  std::vector<std::vector<std::string>> lines;
  for (const auto& [key, value] : record) {
    const Field* field = shape.find(key);
    const bool empty_text =
        std::holds_alternative<std::string>(value) && std::get<std::string>(value).empty();
    const bool empty_list = std::holds_alternative<std::vector<std::string>>(value) &&
                            std::get<std::vector<std::string>>(value).empty();
    if (is_null(&value) || empty_text || empty_list) continue;
    lines.push_back({key, cell(&value, field ? field->kind : FieldKind::text, style.now)});
  }
  std::string out = aligned(lines, 0);
  if (!style.color) return out;
  std::string colored;
  for (const std::string_view line : text::split(out, '\n')) {
    const auto end = line.find(' ');
    if (!line.empty())
      colored += bold(std::string(line.substr(0, end)), true) + std::string(line.substr(end)) + "\n";
  }
  return colored;
}

std::string table_of_list(const Shape& shape, const std::vector<Record>& records, const TableStyle& style) {
  if (records.empty()) return {};
  std::vector<const Field*> columns;
  for (const Field& field : shape.fields) {
    const bool used = std::any_of(records.begin(), records.end(), [&](const Record& record) {
      return !is_null(find_value(record, field.key));
    });
    if (!field.heading.empty() && used) columns.push_back(&field);
  }
  std::vector<std::vector<std::string>> lines(1);
  for (const Field* column : columns) lines[0].push_back(column->heading);
  for (const Record& record : records) {
    auto& line = lines.emplace_back();
    for (const Field* column : columns) {
      line.push_back(cell(find_value(record, column->key), column->kind, style.now));
    }
  }
  const std::string out = aligned(lines, 0);
  const auto end = out.find('\n');
  return bold(out.substr(0, end), style.color) + out.substr(end);
}

}  // namespace oauth2::cli
