#pragma once

#include <string>
#include <string_view>

namespace oauth2::cli {

// A manual page in man(7), line by line.
class Roff {
 public:
  Roff(std::string_view title, int section, std::string_view source);

  void section(std::string_view title);                    // .SH
  void subsection(std::string_view title);                 // .SS
  void paragraph(std::string_view text);                   // .PP, then text
  void item(std::string_view tag, std::string_view text);  // .TP: a tag in bold, then what it means
  void code(std::string_view lines);                       // indented, as it is
  void text(std::string_view text);                        // filled
  void synopsis(std::string_view line);                    // a line in bold, then a paragraph
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

}  // namespace oauth2::cli
