#include "cli/generated_files.h"

#include <fstream>
#include <iterator>

#include "cli/completion.h"
#include "cli/man.h"

namespace oauth2::cli {

const std::vector<GeneratedFile>& generated_files() {
  static const std::vector<GeneratedFile> files = {
      {"man/oauth2ctl.1", oauth2ctl_man},
      {"man/oauth2d.8", oauth2d_man},
      {"man/oauth2ctl.toml.5", settings_man},
      {"completions/oauth2ctl.bash", bash_completion},
      {"completions/oauth2ctl.zsh", zsh_completion},
      {"completions/oauth2ctl.fish", fish_completion},
  };
  return files;
}

std::vector<std::string> stale_files(const std::string& root) {
  std::vector<std::string> stale;
  for (const GeneratedFile& file : generated_files()) {
    std::ifstream in(root + "/" + file.path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (text != file.text()) stale.push_back(file.path);
  }
  return stale;
}

}  // namespace oauth2::cli
