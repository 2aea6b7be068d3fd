#include "server/template.h"

#include <fmt/format.h>

#include <kainjow/mustache.hpp>
#include <stdexcept>

#include "core/text.h"
#include "server/template_source.h"

namespace oauth2::server {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

[[noreturn]] void mistake(std::string_view where, std::string_view name, std::string_view what) {
  throw std::logic_error(fmt::format("{}: '{}' {}", where, name, what));
}

// `//host` and `/\host` would lead to another site, `javascript:` to a script.
std::string judged_url(std::string_view where, std::string_view name, const std::string& url,
                       std::string_view base) {
  if (text::has_control(url)) mistake(where, name, "has control characters, which browsers pass over");
  const bool rooted = url.starts_with('/') && !url.starts_with("//") && !url.starts_with("/\\");
  if (rooted) return std::string(base) + url;
  if (!url.starts_with("https://") && !url.starts_with("http://")) {
    mistake(where, name, "is neither a path nor an http(s) URL");
  }
  return url;
}

data as_data(const View& view, const Names& names, std::string_view where, std::string_view base);

data as_data(const View::Value& value, const Name& name, std::string_view where, std::string_view base) {
  const auto* words = std::get_if<std::string>(&value);
  const auto* flag = std::get_if<bool>(&value);
  const auto* list = std::get_if<std::vector<View>>(&value);
  switch (name.kind) {
    case Name::Kind::flag:
      return flag ? data(*flag) : (mistake(where, name.name, "is a flag"), data());
    case Name::Kind::list: {
      if (!list) mistake(where, name.name, "is a list");
      data items{data::type::list};
      for (const View& item : *list) items.push_back(as_data(item, name.members, name.name, base));
      return items;
    }
    case Name::Kind::text:
    case Name::Kind::url:
      break;
  }
  if (!words) mistake(where, name.name, "is a text");
  if (words->empty()) return data(false);  // mustache takes an empty text for a true one
  return data(name.kind == Name::Kind::url ? judged_url(where, name.name, *words, base) : *words);
}

// Every name gets a value, so that none is looked up in what is around an item.
data as_data(const View& view, const Names& names, std::string_view where, std::string_view base) {
  for (const auto& [name, value] : view.values()) {
    if (!find_name(names, name)) mistake(where, name, "is not taken here");
  }
  data out;
  for (const Name& name : names) {
    const View::Value* value = view.find(name.name);
    if (!value && name.required) mistake(where, name.name, "is not set");
    data made = value ? as_data(*value, name, where, base) : data(false);
    if (name.kind == Name::Kind::list) {
      out.set(fmt::format("has_{}", name.name), data(made.is_non_empty_list()));
    }
    out.set(std::string(name.name), made);
  }
  return out;
}

}  // namespace

struct Template::Parsed {
  mustache tree;
};

Template::Template(const PageNames& page, std::string_view language, const PageFiles& files,
                   const Texts& texts)
    : page_(page) {
  mustache tree(compose_template(page, language, files, texts).text);
  if (!tree.is_valid()) throw std::runtime_error(fmt::format("{}: {}", page.page, tree.error_message()));
  parsed_ = std::make_unique<Parsed>(Parsed{std::move(tree)});
}

Template::~Template() = default;
Template::Template(Template&&) noexcept = default;

std::string Template::render(const View& view, const View& common) const {
  data values = as_data(view, page_.names, page_.page, common.text("base"));
  for (const auto& [name, value] : common.values()) {
    const std::string_view words = common.text(name);
    values.set(name, words.empty() ? data(false) : data(std::string(words)));
  }
  mustache tree = parsed_->tree;  // a copy, since rendering changes it
  std::string html = tree.render(values);
  if (!tree.is_valid()) throw std::logic_error(fmt::format("{}: {}", page_.page, tree.error_message()));
  return html;
}

}  // namespace oauth2::server
