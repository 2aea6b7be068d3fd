#include "core/federation/icon.h"

#include "core/crypto/base64url.h"
#include "core/text.h"

namespace oauth2::federation {
namespace {

using namespace std::string_view_literals;

void drop(std::string_view& text, std::string_view start, std::string_view end) {
  if (!text.starts_with(start)) return;
  const auto at = text.find(end);
  text.remove_prefix(at == text.npos ? text.size() : at + end.size());
}

// XML 1.0 section 2.8: a declaration and comments may come before the root. A document type may not: SVG
// needs none, and entities are declared there.
bool is_svg(std::string_view text) {
  if (!text::is_utf8(text) || text.find('\0') != text.npos) return false;
  drop(text, "\xEF\xBB\xBF", "\xBF");
  drop(text, "<?xml ", "?>");
  std::string_view before;
  do {
    before = text;
    while (!text.empty() && " \t\r\n"sv.find(text.front()) != text.npos) text.remove_prefix(1);
    drop(text, "<!--", "-->");
  } while (text != before);
  return text.starts_with("<svg") && text.size() > 4 && " \t\r\n>"sv.find(text[4]) != text.npos;
}

}  // namespace

std::optional<std::string_view> icon_type(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return "image/png";
  if (bytes.starts_with("RIFF"sv) && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP") return "image/webp";
  if (bytes.starts_with("\0\0\1\0"sv)) return "image/x-icon";
  if (is_svg(bytes)) return "image/svg+xml";
  return std::nullopt;
}

std::optional<std::string_view> stored_icon_type(const std::optional<std::string>& icon) {
  const auto bytes = icon ? crypto::base64_decode(*icon) : std::nullopt;
  return bytes ? icon_type(*bytes) : std::nullopt;
}

}  // namespace oauth2::federation
