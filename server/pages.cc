#include "server/pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "core/crypto/hash.h"

namespace oauth2::server {
namespace {

struct AssetPlace {
  const char* path;
  const char* file;
  const char* content_type;
};
constexpr AssetPlace asset_places[] = {
    {"/static/style.css", "style.css", "text/css; charset=utf-8"},
    {"/static/copy.js", "copy.js", "text/javascript; charset=utf-8"},
    {"/static/logo.svg", "logo.svg", "image/svg+xml"},
    {"/favicon.svg", "favicon.svg", "image/svg+xml"},
    {"/favicon.ico", "favicon.svg", "image/svg+xml"},  // what browsers ask for unasked
    {"/robots.txt", "robots.txt", "text/plain; charset=utf-8"},
};

PageFiles merged(PageFiles files, const PageFiles& theme) {
  for (const auto& [name, file] : theme) files[name] = file;
  return files;
}

std::string after_scheme(const std::string& issuer) {
  const auto scheme = issuer.find("://");
  return scheme == std::string::npos ? issuer : issuer.substr(scheme + 3);
}

std::string path_of(const std::string& issuer) {
  const std::string rest = after_scheme(issuer);
  const auto slash = rest.find('/');
  return slash == std::string::npos ? "" : rest.substr(slash);
}

std::string host_of(const std::string& issuer) {
  const std::string rest = after_scheme(issuer);
  return rest.substr(0, rest.find('/'));
}

}  // namespace

Pages::Pages(const std::string& theme, const std::string& issuer)
    : base_(path_of(issuer)), site_(host_of(issuer)), texts_(read_builtin_files(), read_theme(theme)) {
  const PageFiles files = merged(read_builtin_files(), read_theme(theme));
  for (const AssetPlace& place : asset_places) {
    const std::string& bytes = files.at(place.file).bytes;
    assets_[place.path] = {place.content_type, bytes, crypto::sha256_base64url(bytes).substr(0, 16)};
  }
  for (const std::string& language : texts_.languages()) {
    auto& templates = templates_[language];
    for (const PageNames& page : all_pages()) {
      templates.emplace(page.page, Template(page, language, files, texts_));
    }
  }
}

std::string Pages::render(std::string_view page, std::string_view language, const View& view) const {
  auto templates = templates_.find(language);
  if (templates == templates_.end()) templates = templates_.find("en");
  const auto found = templates->second.find(page);
  if (found == templates->second.end()) throw std::logic_error(fmt::format("there is no page '{}'", page));
  const auto value = [&](std::string_view name) { return name == "site" ? site_ : view.text(name); };
  View common;
  common.set("language", templates->first);
  common.set("base", base_);
  common.set("site", site_);
  common.set("stylesheet_url", asset_url("/static/style.css"));
  common.set("logo_url", asset_url("/static/logo.svg"));
  common.set("favicon_url", asset_url("/favicon.svg"));
  common.set("script_url", shows_secret(page) ? asset_url("/static/copy.js") : "");
  common.set("page_title", view.find("title") ? std::string(view.text("title"))
                                              : texts_.fill(title_key(page), language, value));
  return found->second.render(view, common);
}

std::string Pages::text(std::string_view key, std::string_view language, Values values) const {
  return texts_.fill(key, language, [&](std::string_view name) {
    const auto value =
        std::find_if(values.begin(), values.end(), [&](const auto& pair) { return pair.first == name; });
    if (value == values.end()) throw std::logic_error(fmt::format("text '{}': {} is not given", key, name));
    return value->second;
  });
}

const Asset* Pages::find_asset(std::string_view path) const {
  const auto found = assets_.find(path);
  return found == assets_.end() ? nullptr : &found->second;
}

std::string Pages::asset_url(const std::string& path) const {
  return fmt::format("{}{}?v={}", base_, path, assets_.at(path).hash);
}

}  // namespace oauth2::server
