#pragma once

#include <initializer_list>
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
  // The same, but a name that came twice is only noted: who answers by a redirect must first know where to.
  static Params parse_noting_repeats(std::string_view form, std::size_t most = 200);

  std::optional<std::string> find(std::string_view name) const;
  // All values of one that may repeat, but for empty ones.
  std::vector<std::string> find_all(std::string_view name) const;
  // Throws Error(invalid_request) when it is absent.
  std::string require(std::string_view name) const;
  bool has(std::string_view name) const { return find(name).has_value(); }
  const std::vector<std::string>& repeated() const { return repeated_; }
  bool is_repeated(std::string_view name) const;

  // As application/x-www-form-urlencoded again.
  std::string encode() const;

  // Only those named, and one with another value (nullopt: without it).
  Params only(std::initializer_list<std::string_view> names) const;
  Params with(std::string_view name, const std::optional<std::string>& value) const;

 private:
  std::vector<std::pair<std::string, std::string>> values_;
  std::vector<std::string> repeated_;
};

// application/x-www-form-urlencoded to bytes: + is a blank, %XX a byte. nullopt when malformed, or when the
// result has a NUL or is not UTF-8.
std::optional<std::string> form_decode(std::string_view text);

// The other way: all but unreserved characters as %XX, a blank too, so that a URI reader takes it as well.
std::string form_encode(std::string_view text);

}  // namespace oauth2::protocol
