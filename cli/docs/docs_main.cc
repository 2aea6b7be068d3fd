// oauth2-docs --write ROOT | --check ROOT: writes the manual pages and completion scripts, or tells which are
// stale.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "cli/generated_files.h"

namespace {

int write(const std::string& root) {
  for (const auto& file : oauth2::cli::generated_files()) {
    const std::filesystem::path path = root + "/" + file.path;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << file.text() << std::flush;
    if (!out) {
      std::cerr << "oauth2-docs: cannot write " << path.string() << "\n";
      return 1;
    }
  }
  return 0;
}

int check(const std::string& root) {
  const auto stale = oauth2::cli::stale_files(root);
  for (const std::string& path : stale) {
    std::cerr << "oauth2-docs: " << path << " is stale: oauth2-docs --write " << root << "\n";
  }
  return stale.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc == 3 ? argv[1] : "";
  if (what == "--write") return write(argv[2]);
  if (what == "--check") return check(argv[2]);
  std::cerr << "oauth2-docs: --write ROOT or --check ROOT\n";
  return 2;
}
