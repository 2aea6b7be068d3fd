#include "server/accept.h"

#include <algorithm>
#include <optional>

#include "core/text.h"

namespace oauth2::server {
namespace {

// A weight of RFC 9110 section 12.4.2 in thousandths; nullopt when it is none.
std::optional<int> parse_weight(std::string_view text) {
  const std::string_view digits = text.substr(std::min<std::size_t>(text.size(), 2));
  if (text.empty() || (text[0] != '0' && text[0] != '1') || digits.size() > 3) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int weight = text[0] == '1' ? 1000 : 0;
  int unit = 100;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    weight += (c - '0') * unit;
    unit /= 10;
  }
  return weight <= 1000 ? std::optional(weight) : std::nullopt;
}

// Of the first of these ranges that is wished for; 0 for none. The narrowest range comes first (RFC 9110
// section 12.5.1).
int weight_of(const std::vector<Wish>& wishes, std::initializer_list<std::string_view> ranges) {
  for (const std::string_view range : ranges) {
    const auto wish =
        std::find_if(wishes.begin(), wishes.end(), [&](const Wish& each) { return each.range == range; });
    if (wish != wishes.end()) return wish->weight;
  }
  return 0;
}

}  // namespace

std::vector<Wish> parse_wishes(std::string_view field) {
  std::vector<Wish> wishes;
  for (const std::string_view item : text::split(field, ',')) {
    const std::vector<std::string_view> parts = text::split(item, ';');
    Wish wish{text::lower(text::trim(parts[0]))};
    bool good = !wish.range.empty() && parts.size() <= 2;
    if (good && parts.size() == 2) {
      const std::string parameter = text::lower(text::trim(parts[1]));
      const auto weight =
          parameter.starts_with("q=") ? parse_weight(std::string_view(parameter).substr(2)) : std::nullopt;
      good = weight.has_value();
      wish.weight = weight.value_or(0);
    }
    if (good) wishes.push_back(wish);
  }
  return wishes;
}

bool prefers(std::string_view accept, std::string_view media_type) {
  const std::vector<Wish> wishes = parse_wishes(accept);
  const int weight = weight_of(wishes, {media_type});
  return weight > 0 && weight >= weight_of(wishes, {"application/json", "application/*", "*/*"});
}

}  // namespace oauth2::server
