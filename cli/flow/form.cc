#include "cli/flow/form.h"

#include <fmt/format.h>

namespace oauth2::cli {

std::string encode_form(std::string_view text) {
  constexpr std::string_view safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._*";
  std::string out;
  for (const char c : text) {
    if (c == ' ') {
      out += '+';
    } else if (safe.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string encode_form(const Form& form) {
  std::string out;
  for (const auto& [name, value] : form) {
    if (!out.empty()) out += '&';
    out += encode_form(name) + "=" + encode_form(value);
  }
  return out;
}

std::string with_query(std::string_view url, const Form& form) {
  const char* separator = url.find('?') == std::string_view::npos    ? "?"
                          : url.ends_with('?') || url.ends_with('&') ? ""
                                                                     : "&";
  return fmt::format("{}{}{}", url, separator, encode_form(form));
}

}  // namespace oauth2::cli
