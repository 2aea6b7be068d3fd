#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/admin/error.h"
#include "core/text.h"

namespace oauth2::admin {

constexpr std::size_t shortest_id_prefix = 6;

// The one of `found`, which a name or an id prefix fits. NotFound or Ambiguous otherwise, with the ids.
template <class Thing>
Thing only_one(std::vector<Thing> found, std::string_view noun, std::string_view ref) {
  if (found.size() == 1) return std::move(found.front());
  if (found.empty()) {
    throw NotFound(fmt::format("there is no {} '{}'", noun, text::escape_controls(ref)),
                   fmt::format("oauth2ctl {} list", noun));
  }
  std::vector<std::string> ids;
  for (const Thing& thing : found) ids.push_back(thing.id);
  throw Ambiguous(fmt::format("'{}' fits {} {}s: {}", text::escape_controls(ref), found.size(), noun,
                              text::join(ids, ", ")),
                  "use the id");
}

}  // namespace oauth2::admin
