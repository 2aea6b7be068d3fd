#include "server/page_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "core/text.h"

namespace oauth2::server {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest_file = 256 * 1024;

bool is_builtin(std::string_view name) {
  return std::any_of(builtin_files().begin(), builtin_files().end(),
                     [&](const BuiltinFile& file) { return file.name == name; });
}

[[noreturn]] void refuse(const fs::path& path, std::string_view problem) {
  throw std::runtime_error(fmt::format("theme: {}: {}", text::escape_controls(path.string()), problem));
}

bool is_inside(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

void check_name(const fs::path& path, const std::string& name) {
  if (is_builtin(name) || !language_of(name).empty()) return;
  std::vector<std::string> known;
  for (const BuiltinFile& file : builtin_files()) known.emplace_back(file.name);
  const std::string near = text::nearest(name, known);
  refuse(path, "is not a file of a theme" + (near.empty() ? "" : fmt::format(", did you mean '{}'?", near)));
}

std::string read(const fs::path& path) {
  if (!fs::is_regular_file(path)) refuse(path, "is not a regular file");
  if (fs::file_size(path) > largest_file) {
    refuse(path, fmt::format("is larger than {} kB", largest_file / 1024));
  }
  std::ifstream stream(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(stream), {});
  if (!stream.is_open() || stream.bad()) refuse(path, "cannot be read");
  if (!text::is_utf8(bytes) || bytes.find('\0') != std::string::npos) refuse(path, "is not UTF-8 text");
  return bytes;
}

}  // namespace

std::string_view language_of(std::string_view name) {
  constexpr std::string_view folder = "texts/";
  constexpr std::string_view suffix = ".json";
  if (!name.starts_with(folder) || !name.ends_with(suffix)) return "";
  if (name.size() < folder.size() + suffix.size() + 2) return "";
  const std::string_view language = name.substr(folder.size(), name.size() - folder.size() - suffix.size());
  const bool is_tag = std::all_of(language.begin(), language.end(), [](char c) {
    return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  return is_tag && language.size() <= 35 ? language : "";
}

PageFiles read_builtin_files() {
  PageFiles files;
  for (const BuiltinFile& file : builtin_files()) {
    files[std::string(file.name)] = {std::string(file.name), std::string(file.bytes)};
  }
  return files;
}

PageFiles read_theme(const std::string& folder) {
  PageFiles files;
  if (folder.empty()) return files;
  try {
    if (!fs::is_directory(folder)) refuse(folder, "is not a folder");
    const fs::path root = fs::canonical(folder);
    for (auto entry = fs::recursive_directory_iterator(root); entry != fs::end(entry); ++entry) {
      const fs::path& path = entry->path();
      if (path.filename().string().starts_with('.')) {  // .git and the like
        entry.disable_recursion_pending();
        continue;
      }
      if (!is_inside(fs::canonical(path), root)) refuse(path, "is a symbolic link out of the folder");
      const std::string name = path.lexically_relative(root).generic_string();
      if (entry->is_directory() && !entry->is_symlink() && name == "texts") continue;
      check_name(path, name);
      files[name] = {path.string(), read(path)};
    }
  } catch (const fs::filesystem_error& error) {
    refuse(error.path1(), error.code().message());
  }
  return files;
}

}  // namespace oauth2::server
