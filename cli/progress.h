#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace oauth2::cli {

// A line on stderr that is drawn over itself. Only for a terminal.
class ProgressBar {
 public:
  explicit ProgressBar(bool shown) : shown_(shown) {}
  ~ProgressBar();  // leaves the line as it was last, and ends it
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Draws, unless it did so a moment ago; the end is always drawn.
  void show(std::string_view what, std::int64_t done, std::int64_t all);

 private:
  const bool shown_;
  std::size_t drawn_ = 0;  // columns
  std::chrono::steady_clock::time_point drawn_at_{};
};

// "tokens  [####            ]  25%  500/2000": at most `columns` wide.
std::string progress_line(std::string_view what, std::int64_t done, std::int64_t all, std::size_t columns);

}  // namespace oauth2::cli
