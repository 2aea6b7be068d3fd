#pragma once

#include <fmt/format.h>

#include <string_view>

#include "core/admin/error.h"
#include "core/text.h"

namespace oauth2::admin {

// Refused when `value` cannot be shown as one line: broken UTF-8, control characters, marks that nobody sees,
// or more than `most` characters. `field`: of the Problem.
inline void require_line(std::string_view what, std::string_view value, std::size_t most,
                         std::string_view field = {}) {
  const auto refuse = [&](std::string_view key, const std::string& why, const std::string& limit = {}) {
    throw Refused(fmt::format("{} {}", what, why), {}, {field, field.empty() ? "" : key, limit});
  };
  if (!text::is_utf8(value)) refuse("characters", "is not valid UTF-8");
  if (text::has_control(value)) refuse("characters", "has a control character in it");
  if (text::has_hidden_mark(value)) refuse("characters", "has an invisible mark in it");
  if (text::character_count(value) > most) {
    refuse("length", fmt::format("is longer than {} characters", most), fmt::format("{}", most));
  }
}

// As require_line, and neither empty nor with blanks at its ends.
inline void require_name(std::string_view what, std::string_view value, std::size_t most,
                         std::string_view field = {}) {
  require_line(what, value, most, field);
  if (text::trim(value).empty() || text::is_blank(value)) {
    throw Refused(fmt::format("{} is empty", what), {}, {field, field.empty() ? "" : "empty", {}});
  }
  if (text::trim(value) != value) throw Refused(fmt::format("{} starts or ends with a blank", what));
}

}  // namespace oauth2::admin
