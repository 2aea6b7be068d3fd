#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/admin/error.h"
#include "core/text.h"

namespace oauth2::admin {

// Names a client, a token or a grant, in one of the ways that the function's header tells. With a `user_id`
// only as the exact id of what is that user's own and on the user's own pages: all else is not there.
struct Ref {
  Ref(std::string_view ref) : text(ref) {}    // NOLINT: meant to convert
  Ref(const std::string& ref) : text(ref) {}  // NOLINT
  Ref(const char* ref) : text(ref) {}         // NOLINT
  Ref(std::string_view id, std::string_view its_user_id) : text(id), user_id(its_user_id) {}
  std::string_view text;  // must live as long as this
  std::optional<std::string_view> user_id;
};

constexpr std::size_t shortest_id_prefix = 6;

[[noreturn]] inline void refuse_unknown(std::string_view noun, std::string_view ref) {
  throw NotFound(fmt::format("there is no {} '{}'", noun, text::escape_controls(ref)),
                 fmt::format("oauth2ctl {} list", noun));
}

// The one of `found`, which a name or an id prefix fits. NotFound or Ambiguous otherwise, with the ids.
template <class Thing>
Thing only_one(std::vector<Thing> found, std::string_view noun, std::string_view ref,
               std::string Thing::*id = &Thing::id) {
  if (found.size() == 1) return std::move(found.front());
  if (found.empty()) refuse_unknown(noun, ref);
  std::vector<std::string> ids;
  for (const Thing& thing : found) ids.push_back(thing.*id);
  throw Ambiguous(fmt::format("'{}' fits {} {}s: {}", text::escape_controls(ref), found.size(), noun,
                              text::join(ids, ", ")),
                  "use the id");
}

}  // namespace oauth2::admin
