#include "cli/streams.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <locale.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include <cerrno>
#include <cstring>

#include "cli/exit_code.h"

namespace oauth2::cli {
namespace {

termios shown_terminal;  // for the signal handler

void show_and_die(int signal) {
  ::tcsetattr(STDIN_FILENO, TCSANOW, &shown_terminal);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

// No echo while it lives.
class Hidden {
 public:
  Hidden() {
    ::tcgetattr(STDIN_FILENO, &shown_terminal);
    struct sigaction handler {};
    handler.sa_handler = show_and_die;
    ::sigaction(SIGINT, &handler, &old_interrupt_);
    ::sigaction(SIGTERM, &handler, &old_terminate_);
    termios hidden = shown_terminal;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  }
  ~Hidden() {
    ::tcsetattr(STDIN_FILENO, TCSANOW, &shown_terminal);
    ::sigaction(SIGINT, &old_interrupt_, nullptr);
    ::sigaction(SIGTERM, &old_terminate_, nullptr);
    write_error("\n");  // the one that was typed was not shown
  }
  Hidden(const Hidden&) = delete;
  Hidden& operator=(const Hidden&) = delete;

 private:
  struct sigaction old_interrupt_ {};
  struct sigaction old_terminate_ {};
};

std::string read_line() {
  std::string line;
  char c = 0;
  for (;;) {
    const ssize_t count = ::read(STDIN_FILENO, &c, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0 && line.empty()) throw UsageError("the input ended before there was an answer");
    if (count <= 0 || c == '\n') return line;
    line += c;
  }
}

}  // namespace

void hold_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);  // takes the lowest free number: this one
  }
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0)
      throw CommandError(Exit::failed, fmt::format("cannot write the result: {}", std::strerror(errno)));
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void write_error(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(STDERR_FILENO, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::string read_all(int fd, std::string_view name, std::size_t most) {
  std::string out;
  char buffer[16'384];
  for (;;) {
    const ssize_t count = ::read(fd, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      throw CommandError(Exit::failed, fmt::format("cannot read {}: {}", name, std::strerror(errno)));
    if (count == 0) return out;
    out.append(buffer, static_cast<std::size_t>(count));
    if (out.size() > most)
      throw CommandError(Exit::refused, fmt::format("{} has more than {} bytes", name, most));
  }
}

std::string read_typed_line(const std::string& prompt, bool shown) {
  if (shown) {
    write_error(prompt);
    return read_line();
  }
  const Hidden hidden;  // before the prompt, so that nothing typed at once is shown
  write_error(prompt);
  return read_line();
}

std::size_t display_width(std::string_view text) {
  std::size_t ascii = 0;
  while (ascii < text.size() && static_cast<unsigned char>(text[ascii]) < 0x80) ++ascii;
  if (ascii == text.size()) return ascii;
  static const locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (!utf8) return text.size();
  const locale_t before = ::uselocale(utf8);
  std::size_t width = 0;
  mbstate_t state{};
  while (!text.empty()) {
    wchar_t wide = 0;
    const std::size_t length = ::mbrtowc(&wide, text.data(), text.size(), &state);
    if (length == 0 || length > text.size()) break;
    const int columns = ::wcwidth(wide);
    width += columns > 0 ? static_cast<std::size_t>(columns) : 0;
    text.remove_prefix(length);
  }
  ::uselocale(before);
  return width;
}

}  // namespace oauth2::cli
