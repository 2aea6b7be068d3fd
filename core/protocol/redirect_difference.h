#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace oauth2::protocol {

// How a redirect URI that is not registered differs from each that is, the most alike first: three lines for
// each, with a mark below the first character that differs. Where only the port of localhost may be to blame,
// a line says so. Nothing but printable ASCII stands in a URI's line.
std::vector<std::string> redirect_difference(const std::vector<std::string>& registered,
                                             std::string_view sent);

}  // namespace oauth2::protocol
