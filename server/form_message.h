#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/account/form.h"
#include "server/visit.h"

namespace oauth2::server {

// Why a form of the account is refused, in the page's language.
std::string form_message(const Visit& visit, const account::FormError& error);

// Says it at its field, where the page has that one among its `fields`; else above all.
void set_form_error(const Visit& visit, View& view, const account::FormError& error,
                    const std::vector<std::string_view>& fields);

}  // namespace oauth2::server
