#include "server/texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "core/text.h"
#include "server/accept.h"

namespace oauth2::server {
namespace {

constexpr std::string_view english = "en";

bool is_name(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); });
}

// Calls `plain` and `name` for the parts of a text, in order. A brace that opens no {name} is plain.
template <typename Plain, typename Named>
void walk(std::string_view text, const Plain& plain, const Named& name) {
  while (!text.empty()) {
    const auto open = text.find('{');
    const auto close = open == text.npos ? text.npos : text.find('}', open);
    if (close == text.npos) return plain(text);
    const std::string_view inside = text.substr(open + 1, close - open - 1);
    plain(text.substr(0, open));
    is_name(inside) ? name(inside) : plain(text.substr(open, close + 1 - open));
    text.remove_prefix(close + 1);
  }
}

std::vector<std::string> names_in(std::string_view text) {
  std::vector<std::string> names;
  walk(
      text, [](std::string_view) {}, [&](std::string_view name) { names.emplace_back(name); });
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

// Braces too, which would be mustache's.
std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("&<>\"'{}").find(c) == std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("&#{};", static_cast<int>(c));
    }
  }
  return out;
}

[[noreturn]] void refuse(const PageFile& file, std::string_view problem) {
  throw std::runtime_error(fmt::format("{}: {}", file.origin, text::escape_controls(problem)));
}

bool starts_as(std::string_view longer, std::string_view shorter) {
  return longer.starts_with(shorter) && (longer.size() == shorter.size() || longer[shorter.size()] == '-');
}

// How much a language is wished for, and by which wish: `fr` serves fr-CA and fr-CA serves `fr` (RFC 4647
// section 3.4 looks up so); `*` counts for what nobody names.
struct Score {
  int weight = 0;
  std::size_t position = 0;
};

Score score(std::string_view language, const std::vector<Wish>& wishes) {
  std::optional<Score> named;
  Score any;
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    const Wish& wish = wishes[i];
    if (wish.range == "*") {
      any = {wish.weight, wishes.size()};
    } else if (starts_as(wish.range, language) || starts_as(language, wish.range)) {
      if (!named || wish.weight > named->weight) named = Score{wish.weight, i};
    }
  }
  return named.value_or(any);
}

}  // namespace

Texts::Texts(const PageFiles& builtin, const PageFiles& theme) {
  const auto ours = nlohmann::json::parse(builtin.at("texts/en.json").bytes);
  for (const auto& [key, text] : ours.items()) {
    placeholders_[key] = names_in(text.get<std::string>());
  }
  for (const PageFiles* files : {&builtin, &theme}) {
    for (const auto& [name, file] : *files) {
      if (!language_of(name).empty()) read(language_of(name), file);
    }
  }
}

void Texts::read(std::string_view language, const PageFile& file) {
  nlohmann::json document;
  try {
    document = nlohmann::json::parse(file.bytes);
  } catch (const nlohmann::json::exception& error) {
    const std::string_view what = error.what();
    const auto end_of_id = what.find("] ");  // [json.exception.parse_error.101]
    refuse(file, end_of_id == what.npos ? what : what.substr(end_of_id + 2));
  }
  if (!document.is_object()) refuse(file, "is not a JSON object");
  Language& texts = languages_[std::string(language)];
  for (const auto& [key, text] : document.items()) {
    if (!knows(key)) {
      std::vector<std::string> known;
      for (const auto& [name, unused] : placeholders_) known.push_back(name);
      const std::string near = text::nearest(key, known);
      refuse(file, fmt::format("unknown text '{}'{}", key,
                               near.empty() ? "" : fmt::format(", did you mean '{}'?", near)));
    }
    if (!text.is_string()) refuse(file, fmt::format("'{}' is not a string", key));
    const std::vector<std::string>& known = placeholders(key);
    for (const std::string& name : names_in(text.get<std::string>())) {
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        refuse(file, fmt::format("'{}' has no value {{{}}}", key, name));
      }
    }
    texts[key] = text.get<std::string>();
  }
}

std::string Texts::choose_language(std::string_view accept_language) const {
  const std::vector<Wish> wishes = parse_wishes(accept_language);
  std::string best(english);
  Score best_score = score(english, wishes);
  for (const auto& [language, texts] : languages_) {
    const Score one = score(text::lower(language), wishes);
    if (one.weight < best_score.weight) continue;
    if (one.weight == best_score.weight && one.position >= best_score.position) continue;
    best = language;
    best_score = one;
  }
  return best_score.weight == 0 ? std::string(english) : best;
}

bool Texts::knows(std::string_view key) const { return placeholders_.find(key) != placeholders_.end(); }

const std::vector<std::string>& Texts::placeholders(std::string_view key) const {
  return placeholders_.find(key)->second;
}

const std::string& Texts::require(std::string_view key, std::string_view language) const {
  for (const std::string_view tried : {language, english}) {
    const auto texts = languages_.find(tried);
    if (texts == languages_.end()) continue;
    const auto text = texts->second.find(key);
    if (text != texts->second.end()) return text->second;
  }
  throw std::logic_error(fmt::format("there is no text '{}'", key));
}

std::string Texts::fill(std::string_view key, std::string_view language, const Lookup& value) const {
  std::string out;
  walk(
      require(key, language), [&](std::string_view plain) { out += plain; },
      [&](std::string_view name) { out += value(name); });
  return out;
}

std::string Texts::as_template(std::string_view key, std::string_view language) const {
  std::string out;
  walk(
      require(key, language), [&](std::string_view plain) { out += escape_html(plain); },
      [&](std::string_view name) { out += fmt::format("{{{{{}}}}}", name); });
  return out;
}

std::vector<std::string> Texts::languages() const {
  std::vector<std::string> names;
  for (const auto& [language, texts] : languages_) names.push_back(language);
  return names;
}

std::vector<std::string> Texts::missing(std::string_view language) const {
  std::vector<std::string> keys;
  const auto texts = languages_.find(language);
  for (const auto& [key, names] : placeholders_) {
    if (texts == languages_.end() || !texts->second.contains(key)) keys.push_back(key);
  }
  return keys;
}

}  // namespace oauth2::server
