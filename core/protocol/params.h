#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth2::protocol {

// The parameters of a form body or a query, decoded. Unknown ones are kept and ignored; an empty one counts
// as absent (RFC 6749 section 3.1).
class Params {
 public:
  // Throws Error(invalid_request) for more than 200 of them, malformed percent-encoding, NUL, invalid UTF-8,
  // and a name twice (all but `resource`, which RFC 8707 section 2 lets repeat).
  static Params parse(std::string_view form);

  std::optional<std::string> find(std::string_view name) const;
  // Throws Error(invalid_request) when it is absent.
  std::string require(std::string_view name) const;
  bool has(std::string_view name) const { return find(name).has_value(); }

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

// application/x-www-form-urlencoded to bytes: + is a blank, %XX a byte. nullopt when malformed, or when the
// result has a NUL or is not UTF-8.
std::optional<std::string> form_decode(std::string_view text);

}  // namespace oauth2::protocol
