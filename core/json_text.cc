#include "core/json_text.h"

#include <fmt/format.h>

#include "core/text.h"

namespace oauth2 {

void JsonText::member(std::string_view name, std::string_view value) {
  start(name);
  append(value);
}

void JsonText::member(std::string_view name, std::int64_t value) {
  start(name);
  fmt::format_to(std::back_inserter(text_), "{}", value);
}

void JsonText::member(std::string_view name, bool value) {
  start(name);
  text_ += value ? "true" : "false";
}

void JsonText::member(std::string_view name, const std::vector<std::string>& values) {
  start(name);
  text_ += '[';
  for (const std::string& value : values) {
    if (text_.back() != '[') text_ += ',';
    append(value);
  }
  text_ += ']';
}

void JsonText::raw(std::string_view name, std::string_view json) {
  start(name);
  text_ += json;
}

std::string JsonText::take() {
  text_ += '}';
  return std::move(text_);
}

void JsonText::start(std::string_view name) {
  if (text_.size() > 1) text_ += ',';
  append(name);
  text_ += ':';
}

void JsonText::append(std::string_view value) {
  text_ += '"';
  for (;;) {
    const std::size_t plain = text::plain_length(value);
    text_ += value.substr(0, plain);
    value.remove_prefix(plain);
    if (value.empty()) break;
    const std::size_t length = text::sequence_length(value);
    const char c = value.front();
    if (length == 0) {
      text_ += "\xEF\xBF\xBD";
    } else if (c == '"' || c == '\\') {
      text_ += '\\';
      text_ += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      fmt::format_to(std::back_inserter(text_), "\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      text_ += value.substr(0, length);
    }
    value.remove_prefix(length == 0 ? 1 : length);
  }
  text_ += '"';
}

}  // namespace oauth2
