#include "core/fetch/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "core/text.h"

namespace oauth2::fetch {
namespace {

using Kind = Error::Kind;

constexpr std::size_t most_head_bytes = 32'768;  // of interim answers, chunk lines and trailers too
constexpr std::size_t most_fields = 100;

[[noreturn]] void malformed(const std::string& what) {
  throw Error(Kind::malformed, "the server's answer is malformed: " + what);
}

// What went away is no word of the server's.
[[noreturn]] void cut_off(const std::string& where) {
  throw Error(Kind::lost, "the server's answer ends within its " + where);
}

// What is left to read.
class Input {
 public:
  explicit Input(const std::function<std::string()>& read) : read_(read) {}

  // Up to CR LF, without them. All lines together count against the limit of the head.
  std::string line() {
    for (;;) {
      const auto end = buffer_.find('\n', searched_);
      const std::size_t size = end == std::string::npos ? buffer_.size() : end + 1;
      if (lines_ + size > most_head_bytes) {
        throw Error(Kind::too_large,
                    fmt::format("the server's answer has a head of more than {} bytes", most_head_bytes));
      }
      if (end != std::string::npos) {
        if (end == 0 || buffer_[end - 1] != '\r') malformed("a line does not end with CR LF");
        std::string found = buffer_.substr(0, end - 1);
        buffer_.erase(0, end + 1);
        searched_ = 0;
        lines_ += size;
        return found;
      }
      searched_ = buffer_.size();
      if (!more()) cut_off("head");
    }
  }

  void take(std::size_t size, std::string& target) {
    while (size > 0) {
      if (buffer_.empty() && !more()) cut_off("body");
      const std::size_t count = std::min(size, buffer_.size());
      target.append(buffer_, 0, count);
      buffer_.erase(0, count);
      size -= count;
    }
  }

  // A piece of any size; "" at the end.
  std::string piece() {
    if (buffer_.empty()) more();
    return std::exchange(buffer_, {});
  }

  bool is_empty() const { return buffer_.empty(); }  // nothing came that was not taken

 private:
  bool more() {
    const std::string bytes = read_();
    buffer_ += bytes;
    return !bytes.empty();
  }

  const std::function<std::string()>& read_;
  std::string buffer_;
  std::size_t searched_ = 0;
  std::size_t lines_ = 0;
};

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
  });
}

std::optional<std::size_t> read_number(std::string_view text, int base) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

struct StatusLine {
  int status = 0;
  bool is_http_1_1 = false;
};

StatusLine read_status_line(const std::string& line) {
  const std::string_view view = line;
  const auto status = read_number(view.substr(0, 12).substr(std::min<std::size_t>(view.size(), 9)), 10);
  if ((!view.starts_with("HTTP/1.1 ") && !view.starts_with("HTTP/1.0 ")) || !status || *status < 100 ||
      *status > 599 || (view.size() > 12 && view[12] != ' '))
    malformed("this is not HTTP/1.1");
  return {static_cast<int>(*status), view.starts_with("HTTP/1.1 ")};
}

Fields read_fields(Input& input) {
  Fields fields;
  for (std::string line = input.line(); !line.empty(); line = input.line()) {
    const auto colon = line.find(':');
    if (colon == std::string::npos || !is_token(std::string_view(line).substr(0, colon)))
      malformed("a header field has no name");
    const std::string_view value = text::trim(std::string_view(line).substr(colon + 1));
    if (value.find_first_of(std::string_view("\0\r", 2)) != std::string_view::npos)
      malformed("a header field has control characters");
    if (fields.size() == most_fields) throw Error(Kind::too_large, "the server's answer has too many fields");
    fields.emplace_back(line.substr(0, colon), value);
  }
  return fields;
}

// What Content-Length says; several fields must say the same.
std::optional<std::size_t> content_length(const Response& response) {
  std::optional<std::size_t> length;
  for (const auto& [name, value] : response.fields) {
    if (text::lower(name) != "content-length") continue;
    const auto number = read_number(value, 10);
    if (!number || (length && *length != *number)) malformed("its Content-Length is no number");
    length = number;
  }
  return length;
}

void require_room(std::size_t used, std::size_t more, std::size_t most) {
  if (more > most - used)
    throw Error(Kind::too_large, fmt::format("the server's answer has more than {} bytes", most));
}

void read_chunks(Input& input, std::size_t most, std::string& body) {
  for (;;) {
    const std::string line = input.line();
    const auto size = read_number(text::trim(std::string_view(line).substr(0, line.find(';'))), 16);
    if (!size) malformed("a chunk has no size");
    if (*size == 0) break;
    require_room(body.size(), *size, most);
    input.take(*size, body);
    if (!input.line().empty()) malformed("a chunk is longer than it says");
  }
  read_fields(input);  // the trailer
}

// Reads the body, if there is one; false when only the connection's end is its end.
bool read_body(Input& input, const std::string& method, std::size_t most_body_bytes, Response& response) {
  if (method == "HEAD" || response.status == 204 || response.status == 304) return true;
  const auto length = content_length(response);
  const std::string transfer = text::lower(response.field("Transfer-Encoding"));
  if (!transfer.empty() && (transfer != "chunked" || length)) malformed("its length is not clear");
  const std::string coding = text::lower(response.field("Content-Encoding"));
  if (!coding.empty() && coding != "identity") malformed("it is compressed, though nobody asked for that");
  if (!transfer.empty()) {
    read_chunks(input, most_body_bytes, response.body);
  } else if (length) {
    require_room(0, *length, most_body_bytes);
    input.take(*length, response.body);
  } else {
    for (std::string piece = input.piece(); !piece.empty(); piece = input.piece()) {
      require_room(response.body.size(), piece.size(), most_body_bytes);
      response.body += piece;
    }
    return false;
  }
  return true;
}

// RFC 9112 section 9.3, and no more: whoever says anything but keep-alive gets no second request.
bool stays_open(const Response& response) {
  return std::all_of(response.fields.begin(), response.fields.end(), [](const auto& field) {
    return text::lower(field.first) != "connection" || text::lower(field.second) == "keep-alive";
  });
}

}  // namespace

Response read_answer(const std::function<std::string()>& read, const std::string& method,
                     std::size_t most_body_bytes, bool* reusable) {
  Input input(read);
  Response response;
  StatusLine line;
  do {
    line = read_status_line(input.line());
    response.status = line.status;
    response.fields = read_fields(input);
  } while (response.status < 200);
  const bool has_end = read_body(input, method, most_body_bytes, response);
  if (reusable) *reusable = has_end && line.is_http_1_1 && input.is_empty() && stays_open(response);
  return response;
}

}  // namespace oauth2::fetch
