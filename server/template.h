#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "server/page_names.h"
#include "server/texts.h"
#include "server/view.h"

namespace oauth2::server {

// One page in one language, ready to be filled. Keeps the mustache library to template.cc.
class Template {
 public:
  // Throws std::runtime_error that names file, line and problem.
  Template(const PageNames& page, std::string_view language, const PageFiles& files, const Texts& texts);
  ~Template();
  Template(Template&&) noexcept;

  // `common`: all of common_names(), as texts. From any thread. Throws std::logic_error when `view` lacks a
  // required name, has one that the page does not take, or one of another kind.
  std::string render(const View& view, const View& common) const;

 private:
  struct Parsed;

  const PageNames& page_;
  std::unique_ptr<Parsed> parsed_;
};

}  // namespace oauth2::server
