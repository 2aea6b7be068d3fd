#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/template.h"
#include "server/texts.h"
#include "server/view.h"

namespace oauth2::server {

// A file that browsers load as it is.
struct Asset {
  std::string content_type;
  std::string bytes;
  std::string hash;  // of the bytes: an address that ends in ?v=HASH never changes its meaning
};

// What people see in a browser: templates, texts, stylesheet and pictures, ours or a theme's. Made once per
// load of the settings; after that only read, from any thread.
class Pages {
 public:
  using Values = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // `theme`: a folder, or "". `issuer`: its path stands before all paths in pages, its host is their name.
  // Throws std::runtime_error that names file and problem.
  Pages(const std::string& theme, const std::string& issuer);
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  // The page as HTML. page_names.cc says what `view` must and may hold; throws std::logic_error otherwise.
  std::string render(std::string_view page, std::string_view language, const View& view) const;

  // One text, not escaped, with `values` for its {name}s. Throws std::logic_error without such a key or
  // value.
  std::string text(std::string_view key, std::string_view language, Values values = {}) const;

  // For an Accept-Language header; "en" when nothing fits.
  std::string choose_language(std::string_view accept_language) const {
    return texts_.choose_language(accept_language);
  }

  std::vector<std::string> languages() const { return texts_.languages(); }

  // `path`: below the issuer. Null when there is none.
  const Asset* find_asset(std::string_view path) const;

 private:
  std::string asset_url(const std::string& path) const;

  std::string base_;
  std::string site_;
  Texts texts_;
  std::map<std::string, std::map<std::string, Template, std::less<>>, std::less<>> templates_;  // by language
  std::map<std::string, Asset, std::less<>> assets_;
};

}  // namespace oauth2::server
