#include "core/protocol/params.h"

#include <algorithm>

#include "core/protocol/error.h"
#include "core/text.h"

namespace oauth2::protocol {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<std::string> form_decode(std::string_view text) {
  const auto first =
      std::find_if(text.begin(), text.end(), [](char c) { return c == '+' || c == '%' || c == '\0'; });
  std::string out;
  out.reserve(text.size());
  out.assign(text.begin(), first);  // nearly always all
  for (std::size_t i = out.size(); i < text.size(); ++i) {
    char c = text[i];
    if (c == '+') {
      c = ' ';
    } else if (c == '%') {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (c == '\0') return std::nullopt;
    out += c;
  }
  return text::is_utf8(out) ? std::optional(std::move(out)) : std::nullopt;
}

std::string form_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view marks = "-._~";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (alphanumeric || marks.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return out;
}

Params Params::parse(std::string_view form) {
  Params params = parse_noting_repeats(form);
  if (!params.repeated_.empty()) throw Error(invalid_request, "a parameter was sent twice");
  return params;
}

Params Params::parse_noting_repeats(std::string_view form, std::size_t most) {
  Params params;
  const auto pairs = text::split(form, '&');
  // Each is compared with all before it.
  if (pairs.size() > most) throw Error(invalid_request, "there are too many parameters");
  for (const std::string_view pair : pairs) {
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto name = form_decode(pair.substr(0, equals));
    auto value = equals == std::string_view::npos ? std::optional(std::string())
                                                  : form_decode(pair.substr(equals + 1));
    if (!name || !value) throw Error(invalid_request, "a parameter is not percent-encoded UTF-8");
    const bool again =
        *name != "resource" && std::any_of(params.values_.begin(), params.values_.end(),
                                           [&](const auto& known) { return known.first == *name; });
    if (again) params.repeated_.push_back(*name);
    params.values_.emplace_back(std::move(*name), std::move(*value));
  }
  return params;
}

bool Params::is_repeated(std::string_view name) const {
  return std::find(repeated_.begin(), repeated_.end(), name) != repeated_.end();
}

Params Params::only(std::initializer_list<std::string_view> names) const {
  Params out = *this;
  std::erase_if(out.values_, [&](const auto& known) {
    return std::find(names.begin(), names.end(), known.first) == names.end();
  });
  return out;
}

Params Params::with(std::string_view name, const std::optional<std::string>& value) const {
  Params out = *this;
  std::erase_if(out.values_, [&](const auto& known) { return known.first == name; });
  if (value) out.values_.emplace_back(name, *value);
  return out;
}

std::string Params::encode() const {
  std::string out;
  for (const auto& [name, value] : values_) {
    if (!out.empty()) out += '&';
    out += form_encode(name) + '=' + form_encode(value);
  }
  return out;
}

std::optional<std::string> Params::find(std::string_view name) const {
  for (const auto& [known, value] : values_) {
    if (known == name && !value.empty()) return value;
  }
  return std::nullopt;
}

std::vector<std::string> Params::find_all(std::string_view name) const {
  std::vector<std::string> found;
  for (const auto& [known, value] : values_) {
    if (known == name && !value.empty()) found.push_back(value);
  }
  return found;
}

std::string Params::require(std::string_view name) const {
  if (auto value = find(name)) return *value;
  throw Error(invalid_request, std::string(name) + " is missing");
}

}  // namespace oauth2::protocol
