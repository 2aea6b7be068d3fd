#pragma once

#include <fmt/format.h>

#include <string_view>

#include "core/admin/error.h"
#include "core/text.h"

namespace oauth2::admin {

// Refused when `value` cannot be shown as one line: broken UTF-8, control characters, or more than `most`
// bytes.
inline void require_line(std::string_view what, std::string_view value, std::size_t most) {
  if (!text::is_utf8(value)) throw Refused(fmt::format("{} is not valid UTF-8", what));
  if (text::has_control(value)) throw Refused(fmt::format("{} has a control character in it", what));
  if (text::has_direction_mark(value))
    throw Refused(fmt::format("{} has an invisible mark that turns the direction of text", what));
  if (value.size() > most) throw Refused(fmt::format("{} is longer than {} bytes", what, most));
}

// As require_line, and neither empty nor with blanks at its ends.
inline void require_name(std::string_view what, std::string_view value, std::size_t most) {
  require_line(what, value, most);
  if (text::trim(value).empty()) throw Refused(fmt::format("{} is empty", what));
  if (text::trim(value) != value) throw Refused(fmt::format("{} starts or ends with a blank", what));
}

}  // namespace oauth2::admin
