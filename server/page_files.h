#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

// The files that pages are made of: templates, texts, stylesheet and pictures.
namespace oauth2::server {

struct BuiltinFile {
  std::string_view name;  // as below server/pages: login.mustache, texts/en.json
  std::string_view bytes;
};

// Made by CMake from server/pages.
const std::vector<BuiltinFile>& builtin_files();

struct PageFile {
  std::string origin;  // for messages: where it was read
  std::string bytes;
};

using PageFiles = std::map<std::string, PageFile, std::less<>>;  // by name

PageFiles read_builtin_files();

// A theme's files; none when `folder` is "". Only names that are built in, and texts of further languages;
// hidden files are passed over.
// Throws std::runtime_error that names file and problem: unknown, unreadable, too large, not UTF-8, or a
// symbolic link out of the folder.
PageFiles read_theme(const std::string& folder);

// The language of texts/LANGUAGE.json; "" for other names.
std::string_view language_of(std::string_view name);

}  // namespace oauth2::server
