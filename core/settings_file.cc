// Alone in its file: toml++ is all templates and takes seconds to compile.
#include <fmt/format.h>
#include <toml++/toml.h>

#include "core/settings.h"

namespace oauth2 {
namespace {

std::string scalar_text(const toml::node& node, const std::string& key) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  throw SettingError(fmt::format("{}: takes a text, a number or true/false", key));
}

void collect(const toml::table& table, const std::string& prefix, FlagValues& out) {
  for (const auto& [name, node] : table) {
    const std::string key = prefix + std::string(name.str());
    if (const auto* inner = node.as_table()) {
      collect(*inner, key + ".", out);
    } else if (const auto* list = node.as_array()) {
      std::vector<std::string>& values = out[key];
      for (const toml::node& item : *list) values.push_back(scalar_text(item, key));
    } else {
      out[key] = {scalar_text(node, key)};
    }
  }
}

}  // namespace

FlagValues read_settings_file(const std::string& path) {
  try {
    FlagValues out;
    collect(toml::parse_file(path), "", out);
    return out;
  } catch (const toml::parse_error& error) {
    throw SettingError(fmt::format("{}: line {}: {}", path, error.source().begin.line, error.description()));
  } catch (const SettingError& error) {
    throw SettingError(fmt::format("{}: {}", path, error.what()));
  }
}

}  // namespace oauth2
