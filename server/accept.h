#pragma once

#include <string>
#include <string_view>
#include <vector>

// What a client would like to get (RFC 9110 section 12): Accept, Accept-Language.
namespace oauth2::server {

struct Wish {
  std::string range;  // in lower case
  int weight = 1000;  // in thousandths; 0: not that
};

// Those of a field that can be read. Parameters beside the weight make a wish for something narrower than
// what is offered here, so it is left out.
std::vector<Wish> parse_wishes(std::string_view field);

// Whether this Accept field names the media type, and wishes for application/json no more than for it.
bool prefers(std::string_view accept, std::string_view media_type);

}  // namespace oauth2::server
