#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "server/page_files.h"

namespace oauth2::server {

// What pages say, in every language: key → text, in which {name} stands for a value. English is always there,
// and what another language lacks is said in English.
class Texts {
 public:
  using Lookup = std::function<std::string_view(std::string_view name)>;

  // A theme's texts take the place of ours one by one. Throws std::runtime_error that names file and problem:
  // no flat JSON object of strings, a key that English has not, a {name} that the English text has not.
  Texts(const PageFiles& builtin, const PageFiles& theme);

  // The most fitting language for an Accept-Language (RFC 9110 section 12.5.4); "en" when there is none.
  std::string choose_language(std::string_view accept_language) const;

  bool knows(std::string_view key) const;
  // The {name}s that may stand in the text.
  const std::vector<std::string>& placeholders(std::string_view key) const;

  // Both throw std::logic_error when there is no such key; a language that is not there is English.
  std::string fill(std::string_view key, std::string_view language, const Lookup& value) const;

  // The text as a piece of a template: escaped for HTML, and {name} as mustache has it.
  std::string as_template(std::string_view key, std::string_view language) const;

  std::vector<std::string> languages() const;
  // Keys that `language` does not have itself.
  std::vector<std::string> missing(std::string_view language) const;

 private:
  using Language = std::map<std::string, std::string, std::less<>>;

  void read(std::string_view language, const PageFile& file);
  const std::string& require(std::string_view key, std::string_view language) const;

  std::map<std::string, Language, std::less<>> languages_;
  std::map<std::string, std::vector<std::string>, std::less<>> placeholders_;  // of the English texts
};

}  // namespace oauth2::server
