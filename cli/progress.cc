#include "cli/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "cli/streams.h"

namespace oauth2::cli {
namespace {

constexpr std::size_t bar_columns = 20;
constexpr std::chrono::milliseconds between_draws{100};

std::size_t terminal_columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

std::string progress_line(std::string_view what, std::int64_t done, std::int64_t all, std::size_t columns) {
  const double part = all > 0 ? static_cast<double>(done) / static_cast<double>(all) : 1;
  const auto filled = std::min(bar_columns, static_cast<std::size_t>(part * bar_columns));
  const std::string line =
      fmt::format("{:<22} [{:<{}}] {:>3}%  {}/{}", what, std::string(filled, '#'), bar_columns,
                  std::min<std::int64_t>(100, static_cast<std::int64_t>(part * 100)), done, all);
  return line.substr(0, columns);
}

ProgressBar::~ProgressBar() {
  if (drawn_ > 0) write_error("\n");
}

void ProgressBar::show(std::string_view what, std::int64_t done, std::int64_t all) {
  if (!shown_) return;
  const auto now = std::chrono::steady_clock::now();
  if (drawn_ > 0 && done < all && now - drawn_at_ < between_draws) return;
  const std::string line = progress_line(what, done, all, terminal_columns() - 1);
  // Blanks wipe out what was longer: not every terminal knows an escape for that.
  write_error(fmt::format("\r{:<{}}", line, drawn_));
  drawn_ = line.size();
  drawn_at_ = now;
}

}  // namespace oauth2::cli
