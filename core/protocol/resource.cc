#include "core/protocol/resource.h"

#include <algorithm>

namespace oauth2::protocol {
namespace {

constexpr std::size_t longest_resource = 500;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_scheme_character(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

// RFC 3986 section 2: what may stand in a URI at all.
bool is_uri_character(char c) {
  constexpr std::string_view others = "-._~:/?[]@!$&'()*+,;=%";
  return is_letter(c) || (c >= '0' && c <= '9') || others.find(c) != std::string_view::npos;
}

}  // namespace

std::optional<std::string> resource_problem(std::string_view uri) {
  if (uri.size() > longest_resource) return "it is longer than 500 characters";
  if (uri.find('#') != std::string_view::npos) return "it has a fragment";
  if (!std::all_of(uri.begin(), uri.end(), is_uri_character)) return "it has characters that no URI has";
  const auto colon = uri.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(uri.front()) ||
      !std::all_of(uri.begin(), uri.begin() + static_cast<std::ptrdiff_t>(colon), is_scheme_character)) {
    return "it is not an absolute URI, such as https://HOST/PATH";
  }
  const std::string_view rest = uri.substr(colon + 1);
  if (rest.empty() || rest == "//") return "nothing stands behind its scheme";
  if (rest.starts_with("//") && rest.substr(0, rest.find_first_of("/?", 2)).find('@') != rest.npos)
    return "it has a user name before its host";
  return std::nullopt;
}

}  // namespace oauth2::protocol
