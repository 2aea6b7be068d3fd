#include "core/protocol/redirect_difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "core/protocol/redirect_uri.h"
#include "core/text.h"

namespace oauth2::protocol {
namespace {

constexpr std::size_t longest_shown = 300;

// Where two URIs begin to differ, in bytes.
struct Place {
  std::string_view registered;
  std::size_t in_registered = 0;
  std::size_t in_sent = 0;
};

bool is_within_character(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

Place first_difference(std::string_view registered, std::string_view sent) {
  Place place{registered};
  // The port of a loopback address may vary (RFC 8252 section 7.3): it is no difference.
  if (redirect_uri_matches(origin_of(registered), origin_of(sent))) {
    place.in_registered = origin_of(registered).size();
    place.in_sent = origin_of(sent).size();
  }
  while (place.in_registered < registered.size() && place.in_sent < sent.size() &&
         registered[place.in_registered] == sent[place.in_sent]) {
    ++place.in_registered;
    ++place.in_sent;
  }
  while (std::min(place.in_registered, place.in_sent) > 0 &&
         (is_within_character(registered, place.in_registered) || is_within_character(sent, place.in_sent))) {
    --place.in_registered;
    --place.in_sent;
  }
  return place;
}

// 'c', '日' (U+65E5), or U+200B where there is nothing to see.
std::string character_at(std::string_view uri, std::size_t at) {
  if (at >= uri.size()) return "its end";
  const std::string_view one =
      uri.substr(at, std::max<std::size_t>(text::sequence_length(uri.substr(at)), 1));
  const auto number = static_cast<std::uint32_t>(text::first_character(one));
  if (number > 0x20 && number < 0x7F) return fmt::format("'{}'", one);
  if (!text::is_utf8(one) || text::has_control(one) || text::has_hidden_mark(one) || text::is_blank(one))
    return fmt::format("U+{:04X}", number);
  return fmt::format("'{}' (U+{:04X})", one, number);
}

std::string shown(std::string_view uri) { return text::escape_non_ascii(uri.substr(0, longest_shown)); }

void add_lines(std::vector<std::string>& lines, const Place& place, std::string_view sent) {
  // Escaping may have made what stands before the mark longer.
  const std::size_t column = shown(sent.substr(0, place.in_sent)).size();
  lines.push_back(fmt::format("registered  {}", shown(place.registered)));
  lines.push_back(fmt::format("sent        {}", shown(sent)));
  lines.push_back(
      fmt::format("{}^ character {}: registered has {}, sent has {}", std::string(12 + column, ' '),
                  text::character_count(sent.substr(0, place.in_sent)) + 1,
                  character_at(place.registered, place.in_registered), character_at(sent, place.in_sent)));
}

}  // namespace

std::vector<std::string> redirect_difference(const std::vector<std::string>& registered,
                                             std::string_view sent) {
  std::vector<Place> places;
  for (const std::string& uri : registered) places.push_back(first_difference(uri, sent));
  std::stable_sort(places.begin(), places.end(),
                   [](const Place& a, const Place& b) { return a.in_sent > b.in_sent; });
  std::vector<std::string> lines;
  for (const Place& place : places) add_lines(lines, place, sent);
  const std::string_view origin = origin_of(sent);
  const bool is_known = std::any_of(registered.begin(), registered.end(),
                                    [&](const std::string& uri) { return origin_of(uri) == origin; });
  if (origin.starts_with("http://localhost:") && !is_known)
    lines.emplace_back(
        "the port may vary with 127.0.0.1 and [::1] only, not with localhost (RFC 8252 section 7.3)");
  return lines;
}

}  // namespace oauth2::protocol
