#include "server/template_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/text.h"

namespace oauth2::server {
namespace {

constexpr std::size_t deepest_partial = 8;
constexpr std::string_view has_prefix = "has_";    // {{#has_LIST}}: whether it has any items
constexpr std::string_view text_prefix = "text.";  // {{text.KEY}}

// Whether the start tag has this attribute, with or without quotes.
bool has_attribute(std::string_view tag, std::string_view name, std::string_view value) {
  const std::string start = fmt::format(" {}=", name);
  for (auto at = tag.find(start); at != tag.npos; at = tag.find(start, at + 1)) {
    std::string_view rest = tag.substr(at + start.size());
    const std::string_view end = rest.starts_with('"') ? "\"" : rest.starts_with('\'') ? "'" : " >";
    if (end != " >") rest.remove_prefix(1);
    if (rest.substr(0, rest.find_first_of(end)) == value) return true;
  }
  return false;
}

bool has_field(std::string html, const Field& field) {
  std::replace_if(
      html.begin(), html.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  for (auto open = html.find('<'); open != html.npos; open = html.find('<', open + 1)) {
    const std::string_view tag = std::string_view(html).substr(open, html.find('>', open) + 1 - open);
    if (has_attribute(tag, "name", field.name) &&
        (field.value.empty() || has_attribute(tag, "value", field.value)))
      return true;
  }
  return false;
}

bool is_builtin(std::string_view name, const PageFile& file) {
  return std::any_of(builtin_files().begin(), builtin_files().end(),
                     [&](const BuiltinFile& ours) { return ours.name == name && ours.bytes == file.bytes; });
}

class Composer {
 public:
  Composer(const PageNames& page, std::string_view language, const PageFiles& files, const Texts& texts)
      : page_(page),
        language_(language),
        files_(files),
        texts_(texts),
        scopes_{&common_names(), &page.names} {}

  TemplateSource compose() {
    if (find_name(page_.names, "title")) {
      source_.names.insert("title");  // as page_title
    } else {
      check_text(title_key(page_.page));
    }
    include(std::string(page_.layout), {});
    if (!has_page_) refuse_lack(files_.at(std::string(page_.layout)).origin, "does not have {{> page}}");
    for (const Name& name : page_.names) {
      if (name.required && !source_.names.contains(name.name))
        refuse_lack(blamed(), fmt::format("{} does not use '{}'", page_.page, name.name));
    }
    for (const Field& field : page_.fields) {
      if (!has_field(source_.text, field))
        refuse_lack(blamed(),
                    fmt::format("{} has no field with name=\"{}\"{}", page_.page, field.name,
                                field.value.empty() ? "" : fmt::format(" value=\"{}\"", field.value)));
    }
    return std::move(source_);
  }

 private:
  struct Section {
    std::string name;
    bool is_list = false;
    bool is_inverted = false;
  };

  const PageFile& page_file() const { return files_.at(std::string(page_.page) + ".mustache"); }

  // The theme's files that the page is made of, but those that are copies of ours.
  std::string blamed() const {
    std::vector<std::string> origins;
    for (const auto& [name, file] : files_) {
      if (included_.contains(name) && !is_builtin(name, file)) origins.push_back(file.origin);
    }
    return origins.empty() ? page_file().origin : text::join(origins, ", ");
  }

  [[noreturn]] static void refuse_lack(std::string_view origin, std::string_view lack) {
    throw std::runtime_error(fmt::format("{}: {}", origin, lack));
  }

  [[noreturn]] void refuse(std::string_view problem) const {
    const PageFile& file = file_ ? *file_ : page_file();
    throw std::runtime_error(
        fmt::format("{}: line {}: {}", file.origin, line_, text::escape_controls(problem)));
  }

  using Words = std::map<std::string, std::string, std::less<>>;

  void include(const std::string& name, const Words& words) {
    const auto found = files_.find(name);
    if (found == files_.end()) refuse(fmt::format("there is no partial '{}'", name));
    if (++depth_ > deepest_partial) refuse("partials include each other");
    included_.insert(name);
    const PageFile* outer_file = std::exchange(file_, &found->second);
    const std::size_t outer_line = std::exchange(line_, 1);
    const std::size_t outer_sections = sections_.size();
    read(with_words(found->second.bytes, words));
    if (sections_.size() > outer_sections) refuse(fmt::format("'{}' is not closed", sections_.back().name));
    file_ = outer_file;
    line_ = outer_line;
    --depth_;
  }

  // {{> NAME word=VALUE …}}
  void include_partial(std::string_view tag) {
    const std::vector<std::string> parts = text::words(tag);
    if (parts.empty()) refuse("{{>}} names no partial");
    Words words;
    for (auto part = parts.begin() + 1; part != parts.end(); ++part) {
      const auto equals = part->find('=');
      if (equals == part->npos) refuse(fmt::format("'{}' is not word=VALUE", *part));
      words[part->substr(0, equals)] = part->substr(equals + 1);
    }
    const std::string& name = parts.front();
    if (name == "page") has_page_ = true;
    include((name == "page" ? std::string(page_.page) : name) + ".mustache", words);
  }

  // `bytes` with each $word$ replaced. All that it has must be given, and all that is given must be there.
  std::string with_words(std::string_view bytes, const Words& words) {
    std::string out;
    std::set<std::string, std::less<>> used;
    for (;;) {
      const auto open = bytes.find('$');
      out += bytes.substr(0, open);
      if (open == bytes.npos) break;
      const auto close = bytes.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", open + 1);
      const bool is_word = close != bytes.npos && bytes[close] == '$' && close > open + 1;
      const std::string_view word = is_word ? bytes.substr(open + 1, close - open - 1) : "";
      const auto value = words.find(word);
      if (is_word && value == words.end()) refuse(fmt::format("no {}= is given", word));
      out += is_word ? std::string_view(value->second) : "$";
      if (is_word) used.emplace(word);
      bytes.remove_prefix(is_word ? close + 1 : open + 1);
    }
    for (const auto& [word, value] : words) {
      if (!used.contains(word)) refuse(fmt::format("{}= is not used there", word));
    }
    return out;
  }

  void read(std::string_view rest) {
    const std::size_t outer_sections = sections_.size();
    for (;;) {
      const auto open = rest.find("{{");
      take_plain(rest.substr(0, open));
      if (open == rest.npos) return;
      const auto close = rest.find("}}", open);
      if (close == rest.npos) refuse("{{ is not closed");
      const std::string_view tag = text::trim(rest.substr(open + 2, close - open - 2));
      if (tag.starts_with('/') && sections_.size() == outer_sections) refuse("nothing is open to close");
      take_tag(tag);
      line_ += static_cast<std::size_t>(std::count(tag.begin(), tag.end(), '\n'));
      rest.remove_prefix(close + 2);
    }
  }

  void take_plain(std::string_view plain) {
    source_.text += plain;
    line_ += static_cast<std::size_t>(std::count(plain.begin(), plain.end(), '\n'));
  }

  void take_tag(std::string_view tag) {
    if (tag.empty()) refuse("{{}} is empty");
    const std::string name(text::trim(tag.substr(1)));
    switch (tag.front()) {
      case '!':
        return;
      case '>':
        return include_partial(name);
      case '#':
      case '^':
        open_section(name, tag.front() == '^');
        break;
      case '/':
        close_section(name);
        break;
      case '{':
      case '&':
      case '=':
        refuse(fmt::format("{{{{{}}}}}: values are always escaped, and {{{{ }}}} always their marks", tag));
      default:
        return take_value(tag);
    }
    source_.text += fmt::format("{{{{{}}}}}", tag);
  }

  const Name& require_name(std::string_view name) {
    if (name.starts_with(has_prefix) &&
        require_name(name.substr(has_prefix.size())).kind == Name::Kind::list) {
      static const Name is_there{"", Name::Kind::flag};
      return is_there;
    }
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
      const Name* found = find_name(**scope, name);
      if (!found) continue;
      if (*scope == &page_.names) source_.names.insert(std::string(name));
      return *found;
    }
    refuse(fmt::format("{} has no '{}'", page_.page, name));
  }

  void open_section(const std::string& name, bool is_inverted) {
    const Name& value = require_name(name);
    const bool is_list = value.kind == Name::Kind::list;
    if (is_list && !is_inverted) scopes_.push_back(&value.members);
    sections_.push_back({name, is_list, is_inverted});
  }

  void close_section(const std::string& name) {
    const Section closed = sections_.back();
    if (closed.name != name) refuse(fmt::format("'{}' is open, not '{}'", closed.name, name));
    if (closed.is_list && !closed.is_inverted) scopes_.pop_back();
    sections_.pop_back();
  }

  void take_value(std::string_view tag) {
    if (tag.starts_with(text_prefix)) return take_text(tag.substr(text_prefix.size()));
    const Name& value = require_name(tag);
    if (value.kind == Name::Kind::flag || value.kind == Name::Kind::list) {
      refuse(fmt::format("'{}' has no text: ask for it with {{{{#{}}}}}", tag, tag));
    }
    source_.text += fmt::format("{{{{{}}}}}", tag);
  }

  void take_text(std::string_view key) {
    check_text(key);
    source_.text += texts_.as_template(key, language_);
  }

  // What a text says in {…} must be there whenever it is said.
  void check_text(std::string_view key) {
    if (!texts_.knows(key)) refuse(fmt::format("there is no text '{}'", key));
    for (const std::string& placeholder : texts_.placeholders(key)) {
      const Name& name = require_name(placeholder);
      const bool is_asked = std::any_of(sections_.begin(), sections_.end(), [&](const Section& section) {
        return section.name == placeholder && !section.is_inverted;
      });
      if (name.kind != Name::Kind::text || (!name.required && !is_asked)) {
        refuse(fmt::format("text '{}' needs {{{{#{}}}}} around it", key, placeholder));
      }
    }
  }

  const PageNames& page_;
  const std::string_view language_;
  const PageFiles& files_;
  const Texts& texts_;
  TemplateSource source_;
  std::vector<const Names*> scopes_;  // the innermost last
  std::vector<Section> sections_;     // that are open
  std::set<std::string> included_;    // files
  bool has_page_ = false;
  const PageFile* file_ = nullptr;
  std::size_t line_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace

TemplateSource compose_template(const PageNames& page, std::string_view language, const PageFiles& files,
                                const Texts& texts) {
  return Composer(page, language, files, texts).compose();
}

}  // namespace oauth2::server
