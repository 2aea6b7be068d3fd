#include "core/protocol/params.h"

#include <algorithm>

#include "core/protocol/error.h"
#include "core/text.h"

namespace oauth2::protocol {
namespace {

constexpr std::size_t most_parameters = 200;  // each is compared with all before it

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<std::string> form_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
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

Params Params::parse(std::string_view form) {
  Params params;
  const auto pairs = text::split(form, '&');
  if (pairs.size() > most_parameters) throw Error(invalid_request, "there are too many parameters");
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
    if (again) throw Error(invalid_request, "a parameter was sent twice");
    params.values_.emplace_back(std::move(*name), std::move(*value));
  }
  return params;
}

std::optional<std::string> Params::find(std::string_view name) const {
  for (const auto& [known, value] : values_) {
    if (known == name && !value.empty()) return value;
  }
  return std::nullopt;
}

std::string Params::require(std::string_view name) const {
  if (auto value = find(name)) return *value;
  throw Error(invalid_request, std::string(name) + " is missing");
}

}  // namespace oauth2::protocol
