#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth2::cli {

using Form = std::vector<std::pair<std::string, std::string>>;  // names may repeat

// application/x-www-form-urlencoded; a blank becomes +.
std::string encode_form(std::string_view text);
std::string encode_form(const Form& form);

// `form` as the query of `url`, behind what is there already (RFC 6749 section 3.1).
std::string with_query(std::string_view url, const Form& form);

}  // namespace oauth2::cli
