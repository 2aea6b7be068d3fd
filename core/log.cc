#include "core/log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include "core/text.h"
#include "core/time.h"

namespace oauth2 {
namespace {

constexpr std::size_t most_waiting_bytes = 1 << 20;
constexpr auto gather_time = std::chrono::milliseconds(20);  // one system call for many lines
constexpr auto last_flush = std::chrono::seconds(1);

int open_target(const std::string& file) {
  const int fd = file.empty() ? ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
                              : ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) throw std::runtime_error(fmt::format("cannot open the log {}: {}", file, std::strerror(errno)));
  return fd;
}

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // a full or closed target loses lines, never the service
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

// A JSON string: what escape_controls leaves needs only its quotes and backslashes escaped.
void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  const std::size_t plain = text::plain_length(text);
  out += text.substr(0, plain);
  text.remove_prefix(plain);
  for (const char c : text::escape_controls(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void append_text_value(std::string& out, std::string_view text) {
  const bool plain =
      std::none_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '"' || c == '='; });
  if (!plain) out += '"';
  const std::size_t length = text::plain_length(text);
  out += text.substr(0, length);
  text.remove_prefix(length);
  for (const char c : text::escape_controls(text)) {
    if (c == '"') out += '\\';
    out += c;
  }
  if (!plain) out += '"';
}

// "2026-01-02T03:04:05", made once a second and thread. No thread-local with a destructor: registering one
// needs memory, and its lack ends the process.
std::string_view timestamp(std::int64_t seconds) {
  constexpr std::size_t length = 19;
  thread_local std::int64_t last = -1;
  thread_local char formatted[length];
  if (seconds != last) {
    format_rfc3339(seconds).copy(formatted, length);
    last = seconds;
  }
  return {formatted, length};
}

}  // namespace

struct Log::State {
  std::atomic<Format> format{Format::text};
  std::mutex mutex;
  std::condition_variable arrived;
  std::condition_variable written;
  std::string waiting;
  std::size_t dropped = 0;
  int fd = -1;
  bool closing = false;
  bool idle = true;

  ~State() {
    if (fd >= 0) ::close(fd);
  }

  void run() {
    std::unique_lock lock(mutex);
    while (true) {
      arrived.wait(lock, [this] { return !waiting.empty() || closing; });
      if (!closing) {
        lock.unlock();
        std::this_thread::sleep_for(gather_time);
        lock.lock();
      }
      if (waiting.empty() && closing) break;
      std::string lines = std::move(waiting);
      waiting.clear();
      idle = false;
      // A copy, so that reopen() may close the old target while this thread is blocked on it.
      const int target = ::fcntl(fd, F_DUPFD_CLOEXEC, 3);
      lock.unlock();
      if (target >= 0) {
        write_all(target, lines);
        ::close(target);
      }
      lock.lock();
      idle = true;
      written.notify_all();
    }
    written.notify_all();
  }
};

Log::Log(Format format, const std::string& file) : state_(std::make_shared<State>()) {
  state_->format = format;
  state_->fd = open_target(file);
  std::thread([state = state_] { state->run(); }).detach();  // it may be blocked for good when we leave
}

Log::~Log() {
  std::unique_lock lock(state_->mutex);
  state_->closing = true;
  state_->arrived.notify_all();
  state_->written.wait_for(lock, last_flush, [this] { return state_->waiting.empty() && state_->idle; });
}

void Log::write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  static constexpr const char* level_names[] = {"info", "warning", "error"};
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  const char* level_name = level_names[static_cast<int>(level)];
  const bool json = state_->format == Format::json;
  std::string line;
  line.reserve(256);
  const auto time = fmt::format("{}.{:03}Z", timestamp(milliseconds / 1000), milliseconds % 1000);
  if (json) {
    line += fmt::format(R"({{"time":"{}","level":"{}","event":)", time, level_name);
    append_json_string(line, event);
  } else {
    line += time;
    line += ' ';
    line += level_name;
    line += ' ';
    append_text_value(line, event);
  }
  for (const Field& field : fields) {
    const auto* words = std::get_if<std::string_view>(&field.value);
    if (words && words->empty()) continue;
    line += json ? ",\"" : " ";
    line += field.name;
    line += json ? "\":" : "=";
    if (words) {
      json ? append_json_string(line, *words) : append_text_value(line, *words);
    } else if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
      fmt::format_to(std::back_inserter(line), "{}", *number);
    } else {
      fmt::format_to(std::back_inserter(line), "{:.1f}", std::get<double>(field.value));
    }
  }
  line += json ? "}\n" : "\n";

  std::lock_guard lock(state_->mutex);
  if (state_->waiting.size() + line.size() > most_waiting_bytes) {
    ++state_->dropped;
    return;
  }
  const bool was_empty = state_->waiting.empty();
  if (state_->dropped > 0) {
    state_->waiting +=
        json ? fmt::format(R"({{"time":"{}","level":"warning","event":"lines dropped","count":{}}})", time,
                           state_->dropped)
             : fmt::format("{} warning \"lines dropped\" count={}", time, state_->dropped);
    state_->waiting += '\n';
    state_->dropped = 0;
  }
  state_->waiting += line;
  if (was_empty) state_->arrived.notify_one();
}

void Log::reopen(Format format, const std::string& file) {
  const int fd = open_target(file);
  std::lock_guard lock(state_->mutex);
  ::close(std::exchange(state_->fd, fd));
  state_->format = format;
}

}  // namespace oauth2
