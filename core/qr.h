#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// QR codes (ISO/IEC 18004), for addresses that somebody types or scans on another device. All absent when the
// text is too long or empty.
namespace oauth2 {

// Rows of modules, true for dark, without the quiet zone.
using QrModules = std::vector<std::vector<bool>>;
std::optional<QrModules> qr_modules(std::string_view text);

// As the src of an <img>: black on white, with the quiet zone, whatever is around it.
std::optional<std::string> qr_svg_data_uri(std::string_view text);

// Lines of half blocks for a terminal, two rows of modules each, with the quiet zone. What is light is drawn
// and what is dark is left out, as fits a dark terminal; `light_terminal` the other way round.
std::optional<std::string> qr_terminal(std::string_view text, bool light_terminal = false);

}  // namespace oauth2
