#include "server/form_message.h"

#include <algorithm>

namespace oauth2::server {

std::string form_message(const Visit& visit, const account::FormError& error) {
  return visit.text(error.text, {{"value", error.value}, {"line", error.line}});
}

void set_form_error(const Visit& visit, View& view, const account::FormError& error,
                    const std::vector<std::string_view>& fields) {
  const bool has_field = std::find(fields.begin(), fields.end(), error.field) != fields.end();
  view.set(has_field ? error.field + "_error" : "error", form_message(visit, error));
}

}  // namespace oauth2::server
