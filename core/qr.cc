#include "core/qr.h"

#include <fmt/format.h>
#include <qrencode.h>

#include <memory>

namespace oauth2 {
namespace {

constexpr std::size_t quiet_zone = 4;  // what the standard asks for

bool is_dark(const QrModules& modules, std::size_t row, std::size_t column) {
  if (row < quiet_zone || column < quiet_zone) return false;
  row -= quiet_zone;
  column -= quiet_zone;
  return row < modules.size() && column < modules.size() && modules[row][column];
}

// One rectangle for each run of dark modules.
std::string svg_path(const QrModules& modules) {
  std::string path;
  for (std::size_t row = 0; row < modules.size(); ++row) {
    for (std::size_t column = 0; column < modules.size();) {
      std::size_t end = column;
      while (end < modules.size() && modules[row][end]) ++end;
      if (end > column) {
        path += fmt::format("M{} {}h{}v1h-{}z", column + quiet_zone, row + quiet_zone, end - column,
                            end - column);
      }
      column = end + 1;
    }
  }
  return path;
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/:=").find(c) != std::string_view::npos;
    plain ? out += c : out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

std::optional<QrModules> qr_modules(std::string_view text) {
  if (text.empty() || text.size() > 2000) return std::nullopt;
  const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
      QRcode_encodeData(static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()), 0,
                        QR_ECLEVEL_M),
      QRcode_free);
  if (!code) return std::nullopt;
  const auto width = static_cast<std::size_t>(code->width);
  QrModules modules(width, std::vector<bool>(width));
  for (std::size_t i = 0; i < width * width; ++i) modules[i / width][i % width] = code->data[i] & 1;
  return modules;
}

std::optional<std::string> qr_svg_data_uri(std::string_view text) {
  const auto modules = qr_modules(text);
  if (!modules) return std::nullopt;
  const std::size_t width = modules->size() + 2 * quiet_zone;
  return "data:image/svg+xml," +
         percent_encoded(fmt::format("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {0} {0}' "
                                     "shape-rendering='crispEdges'><path fill='#fff' d='M0 0h{0}v{0}H0z'/>"
                                     "<path d='{1}'/></svg>",
                                     width, svg_path(*modules)));
}

std::optional<std::string> qr_terminal(std::string_view text, bool light_terminal) {
  const auto modules = qr_modules(text);
  if (!modules) return std::nullopt;
  const std::size_t width = modules->size() + 2 * quiet_zone;
  std::string out;
  for (std::size_t row = 0; row < width; row += 2) {
    for (std::size_t column = 0; column < width; ++column) {
      const bool upper = is_dark(*modules, row, column) == light_terminal;
      const bool lower = is_dark(*modules, row + 1, column) == light_terminal;
      out += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
    }
    out += '\n';
  }
  return out;
}

}  // namespace oauth2
