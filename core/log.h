#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace oauth2 {

// One line an event, as text (key=value) or JSON. Control characters are escaped; callers pass no secrets.
// Lines are gathered and written by a thread of their own, so that a slow or blocked target stops nobody:
// beyond 1 MB of waiting lines new ones are dropped, and a later line says how many.
class Log {
 public:
  enum class Format { text, json };
  enum class Level { info, warning, error };

  struct Field {
    std::string_view name;
    std::variant<std::string_view, std::int64_t, double> value;  // an empty text leaves the field out
  };

  // Writes to `file`, made 0600 and appended to, or to stderr when it is "". std::runtime_error if it cannot.
  Log(Format format, const std::string& file);
  // Waits at most a second for the lines that are still there.
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});

  // Opens the target anew, for log rotation or for another one. Keeps the old one and throws
  // std::runtime_error when it cannot.
  void reopen(Format format, const std::string& file);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace oauth2
