#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace oauth2 {

// Writes one flat JSON object, member by member, in the order of the calls. For what is answered and logged
// at every request: unlike a document tree it allocates one text, and a failing allocation is an exception
// and nothing worse. Bytes that are not UTF-8 become U+FFFD.
class JsonText {
 public:
  void member(std::string_view name, std::string_view value);
  void member(std::string_view name, const char* value) { member(name, std::string_view(value)); }
  void member(std::string_view name, std::int64_t value);
  void member(std::string_view name, bool value);
  void member(std::string_view name, const std::vector<std::string>& values);
  void raw(std::string_view name, std::string_view json);  // an object or null, as it is

  // The whole object. Once, at the end.
  std::string take();

 private:
  void start(std::string_view name);
  void append(std::string_view value);

  std::string text_ = "{";
};

}  // namespace oauth2
