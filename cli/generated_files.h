#pragma once

#include <string>
#include <vector>

namespace oauth2::cli {

// A checked-in file that is made from the tables of commands and settings.
struct GeneratedFile {
  std::string path;  // below the root of the source tree
  std::string (*text)() = nullptr;
};
const std::vector<GeneratedFile>& generated_files();

// The paths of those that differ from what they should be below `root`.
std::vector<std::string> stale_files(const std::string& root);

}  // namespace oauth2::cli
