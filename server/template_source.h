#pragma once

#include <set>
#include <string>
#include <string_view>

#include "server/page_files.h"
#include "server/page_names.h"
#include "server/texts.h"

namespace oauth2::server {

// A page's template in one language, with all partials and texts in their places, judged before the first
// request: mustache itself says nothing about an unknown name, a section left open or a missing partial.
struct TemplateSource {
  std::string text;
  std::set<std::string, std::less<>> names;  // of the page, that it uses
};

// From the page's layout, in which {{> page}} stands for PAGE.mustache. A partial may be given words,
// {{> field name=website}}, which stand in it wherever it says $name$, in tags too. Throws std::runtime_error
// that names file, line and problem. Values are always escaped: {{{x}}} and {{&x}} are refused.
TemplateSource compose_template(const PageNames& page, std::string_view language, const PageFiles& files,
                                const Texts& texts);

}  // namespace oauth2::server
