#include "cli/roff.h"

#include <fmt/format.h>

#include "cli/table.h"

namespace oauth2::cli {
namespace {

constexpr std::size_t longest_line = 66;           // before escaping, which makes it longer
constexpr std::string_view edited = "2026-11-22";  // when the pages last changed in substance

// '-' as in a flag, and what would start a request or an escape.
std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool at_start = i == 0 || text[i - 1] == '\n';
    if (at_start && (text[i] == '.' || text[i] == '\'')) out += "\\&";
    if (text[i] == '\\') {
      out += "\\e";
    } else if (text[i] == '-') {
      out += "\\-";
    } else if (text[i] == '\'') {
      out += "\\(aq";
    } else if (text.substr(i).starts_with("…")) {
      out += "...";
      i += std::string_view("…").size() - 1;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

Roff::Roff(std::string_view title, int section, std::string_view source)
    : out_(fmt::format(
          ".\\\" Written by oauth2\\-docs from the tables in the program; changes here are lost.\n"
          ".TH {} {} {} \"{}\"\n",
          title, section, edited, source)) {}

void Roff::section(std::string_view title) { out_ += fmt::format(".SH {}\n", escaped(title)); }

void Roff::subsection(std::string_view title) { out_ += fmt::format(".SS {}\n", escaped(title)); }

void Roff::paragraph(std::string_view text) {
  out_ += ".PP\n";
  this->text(text);
}

void Roff::item(std::string_view tag, std::string_view text) {
  out_ += fmt::format(".TP\n.B {}\n", escaped(tag));
  this->text(text);
}

void Roff::code(std::string_view lines) {
  const auto last = out_.rfind('\n', out_.size() - 2);
  const bool after_heading = out_.compare(last + 1, 3, ".SH") == 0;  // which makes room itself
  out_ += fmt::format("{}.RS 4\n.nf\n{}\n.fi\n.RE\n", after_heading ? "" : ".PP\n", escaped(lines));
}

void Roff::text(std::string_view text) { out_ += escaped(filled(text, longest_line)); }

void Roff::synopsis(std::string_view line) { out_ += fmt::format(".B {}\n.PP\n", escaped(line)); }

}  // namespace oauth2::cli
