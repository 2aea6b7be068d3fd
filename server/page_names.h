#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace oauth2::server {

// One value that a page takes from its View. A required one must be set, and its template must use it.
struct Name {
  enum class Kind {
    text,
    url,  // a path below the issuer, which gets the issuer's own path before it, or an http(s) URL
    flag,
    list,
  };

  std::string_view name;
  Kind kind = Kind::text;
  bool required = false;
  std::vector<Name> members = {};  // of a list's items
};

using Names = std::vector<Name>;

// What a page's form sends, and does nothing without: name="password", or the button name="confirm"
// value="no".
struct Field {
  std::string_view name;
  std::string_view value = "";  // "" for any
};

struct PageNames {
  std::string_view page;
  Names names;
  std::vector<Field> fields = {};  // that its template must have
  std::string_view layout = "layout.mustache";
  bool shows_secret = false;  // and may load the script that copies it
};

// Every page; PAGE.mustache is its template.
const std::vector<PageNames>& all_pages();

// Whether the page is one that shows a secret.
bool shows_secret(std::string_view page);

// The text that is the title of a page that does not take its own.
std::string title_key(std::string_view page);

// What every template may use beside its own: Pages sets them.
const Names& common_names();

// Null when there is none.
const Name* find_name(const Names& names, std::string_view name);

}  // namespace oauth2::server
