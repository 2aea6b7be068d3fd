#include "core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace oauth2::text {
namespace {

bool is_control_at(std::string_view text, std::size_t i) {
  const auto byte = static_cast<unsigned char>(text[i]);
  if (byte < 0x20 || byte == 0x7F) return true;
  return byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;  // C1
}

struct Range {
  char32_t first, last;
};
// Of Unicode's Default_Ignorable_Code_Point without joiners and variation selectors, and what breaks or turns
// a line.
constexpr Range hidden[] = {{0x00AD, 0x00AD}, {0x034F, 0x034F}, {0x061C, 0x061C},  {0x115F, 0x1160},
                            {0x17B4, 0x17B5}, {0x180E, 0x180E}, {0x200B, 0x200B},  {0x200E, 0x200F},
                            {0x2028, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},  {0xFEFF, 0xFEFF},
                            {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0xE0000, 0xE00FF}};
constexpr Range blanks[] = {{0x20, 0x20},     {0xA0, 0xA0},     {0x1680, 0x1680},  {0x180B, 0x180F},
                            {0x2000, 0x200D}, {0x202F, 0x202F}, {0x205F, 0x205F},  {0x2800, 0x2800},
                            {0x3000, 0x3000}, {0xFE00, 0xFE0F}, {0xE0100, 0xE01EF}};

template <std::size_t size>
bool is_in(char32_t character, const Range (&ranges)[size]) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [&](const Range& range) { return character >= range.first && character <= range.last; });
}

// Of the UTF-8 `text`.
template <class Predicate>
bool all_characters(std::string_view text, Predicate&& predicate) {
  for (std::size_t length = 0; !text.empty(); text.remove_prefix(length)) {
    length = std::max<std::size_t>(sequence_length(text), 1);
    if (!predicate(first_character(text))) return false;
  }
  return true;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;   // nothing overlong
    const unsigned high = first == 0xED ? 0x9F : 0xBF;  // no surrogates
    return follows(1, low, high) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      text.remove_prefix(1);
      continue;
    }
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::size_t plain_length(std::string_view text) {
  const auto other = std::find_if(text.begin(), text.end(),
                                  [](char c) { return c < ' ' || c > '~' || c == '"' || c == '\\'; });
  return static_cast<std::size_t>(other - text.begin());
}

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_control_at(text, i)) return true;
  }
  return false;
}

char32_t first_character(std::string_view text) {
  const std::size_t length = sequence_length(text);
  const auto first = static_cast<unsigned char>(text.front());
  if (length < 2) return first;
  char32_t character = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i)
    character = (character << 6) | (static_cast<unsigned char>(text[i]) & 0x3F);
  return character;
}

bool has_hidden_mark(std::string_view text) {
  return !all_characters(text, [](char32_t c) { return !is_in(c, hidden); });
}

bool is_blank(std::string_view text) {
  return all_characters(text, [](char32_t c) { return is_in(c, blanks); });
}

std::string escape_controls(std::string_view text) {
  const std::size_t plain = plain_length(text);
  std::string out;
  out.reserve(text.size());
  out = text.substr(0, plain);
  for (std::size_t i = plain; i < text.size();) {
    const std::size_t length = sequence_length(text.substr(i));
    if (length == 0 || is_control_at(text, i)) {
      const std::size_t bytes = std::max<std::size_t>(length, 1);
      for (std::size_t k = 0; k < bytes; ++k) {
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[i + k]));
      }
      i += bytes;
      continue;
    }
    if (text[i] == '\\') out += '\\';
    out += text.substr(i, length);
    i += length;
  }
  return out;
}

std::string escape_non_ascii(std::string_view text) {
  std::string out;
  for (std::size_t length = 0; !text.empty(); text.remove_prefix(length)) {
    length = std::max<std::size_t>(sequence_length(text), 1);
    if (length == 1) {
      out += escape_controls(text.substr(0, 1));
    } else {
      out += fmt::format("\\u{{{:04X}}}", static_cast<std::uint32_t>(first_character(text)));
    }
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

namespace {

// user:password@ — up to the last @, though a right URL has only one: a password is easily written with
// another.
void hide_after_user(std::string& url) {
  if (url.find("://") == std::string::npos && !lower(url).starts_with("postgres")) return;
  const auto user = url.find_first_not_of('/', url.find(':') + 1);
  const auto at = url.rfind('@');
  if (user == std::string::npos || at == std::string::npos || user > at) return;
  if (const auto colon = url.find(':', user); colon < at) url.replace(colon + 1, at - colon - 1, "***");
}

// password=…, and any keyword that is written with %XX: it could be that one.
void hide_in_query(std::string& url) {
  constexpr std::string_view separators = "&? ";
  for (std::size_t begin = 0; begin < url.size();) {
    const auto end = std::min(url.find_first_of(separators, begin), url.size());
    const auto sign = url.find('=', begin);
    if (sign < end) {
      const std::string keyword = lower(std::string_view(url).substr(begin, sign - begin));
      const bool encoded = begin > 0 && keyword.find('%') != std::string::npos;
      if (encoded || keyword.find("password") != std::string::npos)
        url.replace(sign + 1, end - sign - 1, "***");
    }
    begin = std::min(url.find_first_of(separators, begin), url.size()) + 1;
  }
}

}  // namespace

std::string without_password(std::string_view url) {
  std::string out(url);
  hide_after_user(out);
  hide_in_query(out);
  return out;
}

std::string shell_quoted(std::string_view text) {
  constexpr std::string_view safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.,:/@%+";
  if (!text.empty() && text.find_first_not_of(safe) == std::string_view::npos) return std::string(text);
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view word : split(text, ' ')) {
    if (!word.empty()) out.emplace_back(word);
  }
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  std::size_t start = 0;
  for (;;) {
    const std::size_t end = text.find(separator, start);
    if (end == std::string_view::npos) break;
    out.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  out.push_back(text.substr(start));
  return out;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance && distance < candidate.size()) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace oauth2::text
