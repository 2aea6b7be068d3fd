#include "core/qr.h"

#include <doctest/doctest.h>

#include <utility>

using namespace oauth2;

namespace {

constexpr std::size_t width = 29;  // of version 3: one block of 44 data bytes at level M

// ISO/IEC 18004 section 7.8.2, table 10.
bool is_masked(int mask, std::size_t row, std::size_t column) {
  switch (mask) {
    case 0:
      return (row + column) % 2 == 0;
    case 1:
      return row % 2 == 0;
    case 2:
      return column % 3 == 0;
    case 3:
      return (row + column) % 3 == 0;
    case 4:
      return (row / 2 + column / 3) % 2 == 0;
    case 5:
      return row * column % 2 + row * column % 3 == 0;
    case 6:
      return (row * column % 2 + row * column % 3) % 2 == 0;
    default:
      return ((row + column) % 2 + row * column % 3) % 2 == 0;
  }
}

// Finder patterns with format, timing lines, the alignment pattern.
bool is_function_module(std::size_t row, std::size_t column) {
  const bool finder =
      (row < 9 && column < 9) || (row < 9 && column >= width - 8) || (row >= width - 8 && column < 9);
  const bool alignment = row >= 20 && row <= 24 && column >= 20 && column <= 24;
  return finder || alignment || row == 6 || column == 6;
}

int mask_of(const QrModules& modules) {
  const int format = modules[8][2] * 4 + modules[8][3] * 2 + modules[8][4] * 1;
  return format ^ 0b101;  // of the format's own mask 101010000010010
}

// The bits in the order they are laid: two columns at a time from the right, up and down in turn.
std::vector<bool> read_bits(const QrModules& modules) {
  std::vector<bool> bits;
  const int mask = mask_of(modules);
  bool upwards = true;
  for (std::size_t right = width - 1; right < width; right -= 2) {
    if (right == 6) right = 5;
    for (std::size_t step = 0; step < width; ++step) {
      const std::size_t row = upwards ? width - 1 - step : step;
      for (const std::size_t column : {right, right - 1}) {
        if (is_function_module(row, column)) continue;
        bits.push_back(modules[row][column] != is_masked(mask, row, column));
      }
    }
    upwards = !upwards;
    if (right == 1) break;
  }
  return bits;
}

std::size_t number(const std::vector<bool>& bits, std::size_t from, std::size_t count) {
  std::size_t value = 0;
  for (std::size_t i = from; i < from + count; ++i) value = value * 2 + bits[i];
  return value;
}

std::string decode(const QrModules& modules) {
  const std::vector<bool> bits = read_bits(modules);
  REQUIRE(number(bits, 0, 4) == 4);  // bytes
  std::string text;
  const std::size_t length = number(bits, 4, 8);
  for (std::size_t i = 0; i < length; ++i) text += static_cast<char>(number(bits, 12 + 8 * i, 8));
  return text;
}

}  // namespace

TEST_CASE("a QR code read module by module says what it was made from") {
  for (const std::string text :
       {"https://auth.example.org/device", "https://example.org/auth/device?code=BCDF"}) {
    const auto modules = qr_modules(text);
    REQUIRE(modules);
    REQUIRE(modules->size() == width);
    CHECK(decode(*modules) == text);
  }
}

TEST_CASE("the picture is black on white with a quiet zone of four modules") {
  const auto uri = qr_svg_data_uri("https://auth.example.org/device");
  REQUIRE(uri);
  CHECK(uri->starts_with("data:image/svg+xml,%3Csvg%20xmlns="));
  CHECK(uri->find("0%200%2037%2037") != std::string::npos);  // 29 + 2 * 4
  CHECK(uri->find("M4%204h7v1h-7z") != std::string::npos);   // the finder pattern's upper edge
  CHECK(uri->find("fill=%27%23fff%27") != std::string::npos);
  for (const char c : {'"', '<', '>', '#', '\'', ' '}) CHECK(uri->find(c) == std::string::npos);
}

TEST_CASE("the terminal's picture has the same modules, two rows a line") {
  const auto modules = qr_modules("https://auth.example.org/device");
  const auto dark_on_light = qr_terminal("https://auth.example.org/device", true);
  const auto light_on_dark = qr_terminal("https://auth.example.org/device");
  REQUIRE(dark_on_light);
  std::vector<std::vector<bool>> rows;
  std::vector<bool> upper, lower;
  for (std::size_t i = 0; i < dark_on_light->size();) {
    const std::string_view rest = std::string_view(*dark_on_light).substr(i);
    const bool block = rest.starts_with("█");
    if (rest[0] == '\n') {
      rows.push_back(std::exchange(upper, {}));
      rows.push_back(std::exchange(lower, {}));
    } else {
      upper.push_back(block || rest.starts_with("▀"));
      lower.push_back(block || rest.starts_with("▄"));
    }
    i += rest[0] == ' ' || rest[0] == '\n' ? 1 : 3;
  }
  REQUIRE(rows.size() == 38);  // 37 and what fills the last line
  for (std::size_t row = 0; row < 37; ++row) {
    REQUIRE(rows[row].size() == 37);
    for (std::size_t column = 0; column < 37; ++column) {
      const bool inside = row >= 4 && row < 33 && column >= 4 && column < 33;
      CHECK(rows[row][column] == (inside && (*modules)[row - 4][column - 4]));
    }
  }
  CHECK(light_on_dark->starts_with("█████"));
}

TEST_CASE("what does not fit into a QR code is absent") {
  CHECK(qr_modules(std::string(2000, 'x')));
  CHECK_FALSE(qr_modules(std::string(2001, 'x')));
  CHECK_FALSE(qr_modules(""));
  CHECK_FALSE(qr_svg_data_uri(std::string(9000, 'x')));
  CHECK_FALSE(qr_terminal(std::string(9000, 'x')));
}
