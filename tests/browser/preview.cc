// preview_pages FOLDER [THEME]: writes every page with sample data in every language, and what they load, as
// files that a static file server can show.
#include <fmt/format.h>

#include <exception>
#include <filesystem>
#include <fstream>
#include <string>

#include "server/pages.h"
#include "tests/server/form_sample.h"
#include "tests/server/page_samples.h"

namespace {

void write(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: preview_pages FOLDER [THEME]\n");
    return 2;
  }
  try {
    const std::filesystem::path folder = argv[1];
    const oauth2::server::Pages pages(argc > 2 ? argv[2] : "", "https://auth.example.org");
    for (const char* path : {"static/style.css", "static/copy.js", "static/logo.svg", "favicon.svg"}) {
      write(folder / path, pages.find_asset(std::string("/") + path)->bytes);
    }
    for (const std::string& language : pages.languages()) {
      for (const auto& sample : page_samples::all()) {
        write(folder / fmt::format("{}.{}.html", sample.name, language),
              pages.render(sample.page, language, sample.view));
      }
    }
    write(folder / "form.en.html", form_sample::render(form_sample::common()));
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "preview_pages: {}\n", error.what());
    return 1;
  }
}
